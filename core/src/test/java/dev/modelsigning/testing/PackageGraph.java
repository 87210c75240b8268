package dev.modelsigning.testing;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The packages of a module, and which others of them each may use. It is written down in a table of
 * ARCHITECTURE.md, whose heading names the package that all are below; there is no other list, so
 * none can differ from it.
 *
 * @param uses each package with those that it uses, in the order of the table; names are without
 *     the package that all are below, which is called {@code root} itself
 */
record PackageGraph(Map<String, Set<String>> uses) {

  private static final String ROOT = "root";

  /**
   * Reads the table.
   *
   * @param document ARCHITECTURE.md
   * @param rootPackage the package that all are below
   * @throws IllegalArgumentException if there is no such table, or a row is damaged
   */
  static PackageGraph read(Path document, String rootPackage) throws IOException {
    String heading = "| in `" + rootPackage + "` | may use | what it is |";
    Iterator<String> lines = Files.readAllLines(document, StandardCharsets.UTF_8).iterator();
    while (lines.hasNext()) {
      if (lines.next().equals(heading)) {
        lines.next(); // the line below the heading
        return rows(lines);
      }
    }
    throw new IllegalArgumentException(document + ": expected a table under '" + heading + "'");
  }

  private static PackageGraph rows(Iterator<String> lines) {
    Map<String, List<String>> written = new LinkedHashMap<>();
    while (lines.hasNext()) {
      String line = lines.next();
      if (!line.startsWith("|")) {
        break;
      }
      String[] cells = line.split("\\|", -1);
      String name = cells[1].replace("`", "").strip();
      List<String> used =
          cells[2].strip().equals("nothing")
              ? List.of()
              : Arrays.stream(cells[2].split(",", -1)).map(String::strip).toList();
      if (written.put(name, used) != null) {
        throw new IllegalArgumentException("the package " + name + " stands twice in the table");
      }
    }
    Map<String, Set<String>> uses = new LinkedHashMap<>();
    written.forEach((name, used) -> {
      Set<String> full = new TreeSet<>();
      used.forEach(one -> full.add(full(one, written.keySet())));
      uses.put(name, full);
    });
    return new PackageGraph(uses);
  }

  /** The second column names packages without {@code internal}. */
  private static String full(String name, Set<String> all) {
    List<String> meant =
        all.stream().filter(each -> each.equals(name) || each.equals("internal." + name)).toList();
    if (meant.size() != 1) {
      throw new IllegalArgumentException(
          "expected one package '" + name + "' in the table, found " + meant);
    }
    return meant.get(0);
  }

  /** The graph of classes, as they are. */
  static PackageGraph of(JavaClasses classes, String rootPackage) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : classes) {
      Set<String> used =
          uses.computeIfAbsent(name(type.getPackageName(), rootPackage), key -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (!target.equals(type.getPackageName())
            && (target.equals(rootPackage) || target.startsWith(rootPackage + "."))) {
          used.add(name(target, rootPackage));
        }
      }
    }
    return new PackageGraph(uses);
  }

  private static String name(String packageName, String rootPackage) {
    return packageName.equals(rootPackage) ? ROOT : packageName.substring(rootPackage.length() + 1);
  }

  /** The packages that use one that stands below them in the table, which a cycle needs. */
  List<String> edgesAgainstTheOrder() {
    List<String> order = List.copyOf(uses.keySet());
    return uses.entrySet().stream()
        .flatMap(entry ->
            entry.getValue().stream()
                .filter(used -> order.indexOf(used) >= order.indexOf(entry.getKey()))
                .map(used -> entry.getKey() + " -> " + used))
        .toList();
  }
}

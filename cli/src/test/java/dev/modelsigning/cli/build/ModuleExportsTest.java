package dev.modelsigning.cli.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What modules use of the library's implementation is exported to them. Tests run on the class
 * path, where that does not matter; programs on the module path, and Javadoc, fail without it.
 */
class ModuleExportsTest {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));
  private static final Pattern INTERNAL =
      Pattern.compile(
          "(?m)^import (?:static )?(dev\\.modelsigning\\.internal(?:\\.[a-z0-9_]+)+)\\.[A-Z]");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws",
        "content",
        "kms-aws",
        "kms-vault",
        "oci",
        "opentelemetry",
        "pkcs11",
        "policy",
        "s3",
        "sigstore"
      })
  void areWhatAModuleUses(String module) throws IOException {
    String name = "dev.modelsigning." + module.replace('-', '.');
    ModuleDescriptor library;
    try (InputStream in =
        Files.newInputStream(ROOT.resolve("core/target/classes/module-info.class"))) {
      library = ModuleDescriptor.read(in);
    }
    Set<String> exported =
        library.exports().stream()
            .filter(each -> !each.isQualified() || each.targets().contains(name))
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(exported).containsAll(used(ROOT.resolve(module)));
  }

  private static Set<String> used(Path module) throws IOException {
    Set<String> used = new TreeSet<>();
    try (Stream<Path> found = Files.walk(module.resolve("src/main/java"))) {
      List<Path> sources = found.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).isNotEmpty();
      for (Path source : sources) {
        Matcher imports = INTERNAL.matcher(Files.readString(source));
        while (imports.find()) {
          Path inLibrary = ROOT.resolve("core/src/main/java/" + imports.group(1).replace('.', '/'));
          if (Files.isDirectory(inLibrary)) {
            used.add(imports.group(1));
          }
        }
      }
    }
    return used;
  }
}

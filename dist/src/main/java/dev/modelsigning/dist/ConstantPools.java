package dev.modelsigning.dist;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The lines of a class list that name the constants of a class that the archive resolves.
 *
 * <p>A training run records the constants that it happened to resolve, which depends on threads and
 * on random numbers, so the archives were not reproducible. Here all constants are named that refer
 * to classes of the archive, as other classes would be added to it; the JVM omits those that it
 * must not resolve ahead of time.
 */
final class ConstantPools implements AutoCloseable {

  private final FileSystem runtime;
  private final FileSystem jar;
  private final List<Path> modules;

  /**
   * Opens the classes of an installation.
   *
   * @param top the installation, with {@code runtime} and {@code lib/model-signing.jar}
   */
  ConstantPools(Path top) throws IOException {
    runtime =
        FileSystems.newFileSystem(
            URI.create("jrt:/"), Map.of("java.home", top.resolve("runtime").toString()));
    jar = FileSystems.newFileSystem(top.resolve("lib/model-signing.jar"));
    try (Stream<Path> all = Files.list(runtime.getPath("/modules"))) {
      modules = all.toList();
    }
  }

  /**
   * Returns the line of a class; empty if it has no class file, because it was generated.
   *
   * @param name the name of the class, with slashes
   * @param archived the classes of the archive, in the same form
   * @throws BuildException if its class file has a constant that is not known
   */
  Optional<String> line(String name, Set<String> archived) throws IOException, BuildException {
    String file = name + ".class";
    for (Path module : modules) {
      if (Files.exists(module.resolve(file))) {
        return Optional.of(line(name, module.resolve(file), archived));
      }
    }
    Path own = jar.getPath(file);
    return Files.exists(own) ? Optional.of(line(name, own, archived)) : Optional.empty();
  }

  private static String line(String name, Path file, Set<String> archived)
      throws IOException, BuildException {
    try (InputStream in = Files.newInputStream(file)) {
      List<String> words = new ArrayList<>(List.of("@cp", name));
      for (int index :
          resolvable(name, new DataInputStream(new BufferedInputStream(in)), archived)) {
        words.add(Integer.toString(index));
      }
      return String.join(" ", words);
    }
  }

  /**
   * Reads the constant pool (JVM specification, 4.4).
   *
   * @param name the name of the class, for messages
   * @param archived the classes of the archive
   * @return the places of classes of the archive, of fields and methods of these, and of call sites
   */
  static List<Integer> resolvable(String name, DataInputStream in, Set<String> archived)
      throws IOException, BuildException {
    in.readLong(); // magic and version
    int count = in.readUnsignedShort();
    Map<Integer, String> texts = new HashMap<>();
    Map<Integer, Integer> names = new HashMap<>(); // of classes
    Map<Integer, Integer> owners = new HashMap<>(); // the classes of classes, fields and methods
    Set<Integer> found = new TreeSet<>();
    for (int index = 1; index < count; index++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts.put(index, in.readUTF());
        case 3, 4, 12, 17 -> in.skipNBytes(4);
        case 7 -> {
          names.put(index, in.readUnsignedShort());
          owners.put(index, index);
        }
        case 8, 16, 19, 20 -> in.skipNBytes(2);
        case 9, 10, 11 -> {
          owners.put(index, in.readUnsignedShort());
          in.skipNBytes(2);
        }
        case 15 -> in.skipNBytes(3);
        case 18 -> {
          found.add(index);
          in.skipNBytes(4);
        }
        case 5, 6 -> { // long and double, which take two places
          in.skipNBytes(8);
          index++;
        }
        default -> throw new BuildException("the class " + name + " has a constant of kind " + tag);
      }
    }
    for (Map.Entry<Integer, Integer> each : owners.entrySet()) {
      String owner = texts.get(names.get(each.getValue()));
      if (owner == null) {
        throw new BuildException(
            "the class " + name + " has a constant at " + each.getKey() + " that is of no class");
      }
      if (archived.contains(element(owner))) {
        found.add(each.getKey());
      }
    }
    return List.copyOf(found);
  }

  /** The class of the elements of an array, or the class itself. */
  private static String element(String name) {
    int dimensions = name.lastIndexOf('[') + 1;
    return dimensions > 0 && name.charAt(dimensions) == 'L'
        ? name.substring(dimensions + 1, name.length() - 1)
        : name;
  }

  @Override
  public void close() throws IOException {
    try {
      runtime.close();
    } finally {
      jar.close();
    }
  }
}

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The lines of a class list that name the constants of a class that the archive resolves.
 *
 * <p>A training run records the constants that it happened to resolve, which depends on threads and
 * on random numbers, so the archives were not reproducible. Here all constants are named that can
 * be resolved; the JVM omits those that it must not resolve ahead of time. The start-up time is the
 * same.
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
   * @throws BuildException if its class file has a constant that is not known
   */
  Optional<String> line(String name) throws IOException, BuildException {
    String file = name + ".class";
    for (Path module : modules) {
      if (Files.exists(module.resolve(file))) {
        return Optional.of(line(name, module.resolve(file)));
      }
    }
    Path own = jar.getPath(file);
    return Files.exists(own) ? Optional.of(line(name, own)) : Optional.empty();
  }

  private static String line(String name, Path file) throws IOException, BuildException {
    try (InputStream in = Files.newInputStream(file)) {
      List<String> words = new ArrayList<>(List.of("@cp", name));
      for (int index : resolvable(name, new DataInputStream(new BufferedInputStream(in)))) {
        words.add(Integer.toString(index));
      }
      return String.join(" ", words);
    }
  }

  /** Reads the constant pool (JVM specification, 4.4): classes, fields, methods, call sites. */
  static List<Integer> resolvable(String name, DataInputStream in)
      throws IOException, BuildException {
    in.readLong(); // magic and version
    int count = in.readUnsignedShort();
    List<Integer> found = new ArrayList<>();
    for (int index = 1; index < count; index++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 7, 9, 10, 11, 18 -> found.add(index);
        default -> {}
      }
      switch (tag) {
        case 1 -> in.skipNBytes(in.readUnsignedShort());
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 5, 6 -> { // long and double, which take two places
          in.skipNBytes(8);
          index++;
        }
        default -> throw new BuildException("the class " + name + " has a constant of kind " + tag);
      }
    }
    return found;
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

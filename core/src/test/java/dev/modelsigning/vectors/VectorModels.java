package dev.modelsigning.vectors;

import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models that the vectors are about. */
final class VectorModels {

  /** Lengths around the borders of blocks and chunks of all hash functions. */
  static final int[] LENGTHS = {0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 3073};

  private VectorModels() {}

  /** A file name with all that may go wrong in a terminal, a shell or a URI. */
  static final String ODD_NAME = "a\\b \"q\" c\nd %2e ~";

  static void write(Path root) throws IOException {
    Path models = root.resolve("models");
    Models.write(models.resolve("plain"), "a", "alpha", "b/c", "gamma");
    Models.write(models.resolve("changed"), "a", "alphA", "b/c", "gamma");
    Models.write(models.resolve("longer"), "a", "alpha+", "b/c", "gamma");
    Models.write(models.resolve("shorter"), "a", "alp", "b/c", "gamma");
    Models.write(models.resolve("missing"), "a", "alpha");
    Models.write(models.resolve("swapped"), "a", "gamma", "b/c", "alpha");
    Models.write(models.resolve("renamed"), "A", "alpha", "b/c", "gamma");
    Models.write(models.resolve("unsigned"), "a", "alpha", "b/c", "gamma", "b/d", "unsigned");
    Models.write(models.resolve("ignored"), "a", "alpha", "b/c", "gamma", "x/y", "unsigned");
    Models.write(models.resolve("ignored-beside"), "a", "alpha", "b/c", "gamma", "xx", "unsigned");
    Models.write(models.resolve("empty-file"), "a", "alpha", "b/c", "gamma", "empty", "");
    Models.write(models.resolve("only-b"), "b/c", "gamma");
    for (int length : LENGTHS) {
      Path file = models.resolve("lengths/" + String.format("%04d", length));
      Files.createDirectories(file.getParent());
      Files.write(file, counting(length));
    }
    new TarFile()
        .file("a", "alpha")
        .file(ODD_NAME, "odd")
        .file("a:0:4", "like a shard")
        .file(" leading and trailing ", "spaces")
        .file("\u00e4", "composed")
        .file("a\u0308", "decomposed")
        .file("\u202egnp.exe", "turned around")
        .write(models.resolve("odd-names.tar"));
    TarFile order = new TarFile();
    for (String name : ORDER) {
      order.file(name, name);
    }
    order.write(models.resolve("order.tar"));
    new TarFile()
        .file("a", "alpha")
        .file("b/c", "gamma")
        .file(".git/config", "[core]")
        .file(".gitattributes", "")
        .file(".github/workflows/x.yml", "on: push")
        .file(".gitignore", "x")
        .write(models.resolve("git-paths.tar"));
    new TarFile()
        .file("a", "alpha")
        .file("b/c", "gamma")
        .file("sub/.git/config", "unsigned")
        .write(models.resolve("git-path-below.tar"));
    new TarFile()
        .file("a", "alpha")
        .link("b/c", "../target")
        .file("target", "gamma")
        .write(models.resolve("link.tar"));
    new TarFile()
        .file("a", "alpha")
        .file("elsewhere/c", "gamma")
        .link("b", "elsewhere")
        .write(models.resolve("linked-directory.tar"));
    new TarFile()
        .file("a", "alpha")
        .file("b/c", "gamma")
        .link("d", "nowhere")
        .write(models.resolve("dangling-link.tar"));
  }

  /** Names whose order differs by code points, by UTF-16 and by path components. */
  static final String[] ORDER = {
    "a b", "a-b", "a.b", "a/b", "a/c/d", "ab", "\uff21.bin", "\ud83d\ude00.bin"
  };

  /** Bytes 0 to 250, again and again. */
  static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return bytes;
  }
}

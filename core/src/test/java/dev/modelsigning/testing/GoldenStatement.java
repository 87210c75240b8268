package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is said of a fixed model, in each way in which it can be said, and the bytes that it must
 * be: whatever method signs them, a user who signs a model again gets them again. They are in
 * resources of the constants' names, made by the code as it was when a method signed statements and
 * not yet payloads (commit 3ab1adf); they change only together with the format.
 */
public enum GoldenStatement {
  FILES_SHA256(hasher -> hasher),
  FILES_BLAKE2B(hasher -> hasher.hashAlgorithm(HashAlgorithm.BLAKE2B)),
  FILES_BLAKE3(hasher -> hasher.hashAlgorithm(HashAlgorithm.BLAKE3)),
  SHARDS_SHA256(hasher -> hasher.shardSize(16)),
  SHARDS_BLAKE2B(hasher -> hasher.shardSize(16).hashAlgorithm(HashAlgorithm.BLAKE2B)),
  SHARDS_BLAKE3(hasher -> hasher.shardSize(16).hashAlgorithm(HashAlgorithm.BLAKE3)),
  IGNORED(hasher ->
      hasher.reading(
          Reading.withDefaults()
              .ignoreGitPaths(false)
              .ignorePath("sub")
              .ignorePath("\u6a21\u578b"))),
  LINKS(hasher -> hasher.reading(Reading.withDefaults().allowSymlinks(true))),
  SIGNATURE_INSIDE(hasher -> hasher),
  ONE_FILE(hasher -> hasher);

  private static final Pattern PAYLOAD = Pattern.compile("\"payload\" ?: ?\"([A-Za-z0-9+/=]*)\"");

  @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
  private final UnaryOperator<ModelHasher.Builder> settings;

  GoldenStatement(UnaryOperator<ModelHasher.Builder> settings) {
    this.settings = settings;
  }

  /** How the model is hashed for it. */
  public ModelHasher hasher() {
    return settings.apply(ModelHasher.builder()).build();
  }

  /** Writes the model below a directory, on a file system that takes all names of POSIX. */
  public Path writeModel(Path directory) throws IOException {
    Path root = directory.resolve("m\u00f6del \"1\"");
    if (this == ONE_FILE) {
      Models.write(directory, "m\u00f6del \"1\"", "one file");
      return root;
    }
    Models.write(
        root,
        "config.json",
        "{\"layers\": 2}\n",
        "empty",
        "",
        "weights-1.bin",
        "0123456789abcdef".repeat(3) + "and more",
        "weights.1.bin",
        "0123456789abcdef",
        "sub/a",
        "alpha",
        "sub-a",
        "beta",
        "sub/deeper/\u00e9",
        "gamma",
        ".gitignore",
        "*.tmp\n",
        ".git/config",
        "[core]\n",
        "a b",
        "space",
        "back\\slash \"quoted\"",
        "escapes",
        "tab\tline\nfeed \u0001 delete \u007f",
        "controls",
        "<&'>\u2028\u00a0",
        "of other formats",
        "\u6a21\u578b/\ud83e\udd16.bin",
        "beyond the first plane",
        "\uff21",
        "before it in UTF-16");
    if (this == LINKS) {
      Files.createSymbolicLink(root.resolve("link"), Path.of("sub/a"));
      Files.createSymbolicLink(root.resolve("sub/linked"), Path.of("../weights-1.bin"));
    }
    return root;
  }

  /** Where the signature of that model goes. */
  public Path signature(Path model) {
    return this == SIGNATURE_INSIDE
        ? model.resolve("sub").resolve("model.sig")
        : model.resolveSibling("model.sig");
  }

  /** The name of its resources. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A golden file, such as {@code files-sha256.json}. */
  public static String resource(String name) throws IOException {
    try (InputStream stream = GoldenStatement.class.getResourceAsStream("golden/" + name)) {
      assertThat(stream).as(name).isNotNull();
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Fails unless a file with a bundle has these bytes for its payload. */
  public void assertIsIn(Path signature) throws IOException {
    Matcher payload = PAYLOAD.matcher(Files.readString(signature));
    assertThat(payload.find()).as("a payload").isTrue();
    String found = new String(Base64.getDecoder().decode(payload.group(1)), StandardCharsets.UTF_8);
    assertThat(found).isEqualTo(resource(this + ".json"));
  }
}

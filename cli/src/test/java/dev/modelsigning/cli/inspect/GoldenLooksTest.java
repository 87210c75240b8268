package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code inspect} and {@code diff} print, byte for byte: a change of a word or a JSON name
 * shows here what else changes. The file is regenerated with {@code
 * -Dmodelsigning.writeGolden=true}.
 */
class GoldenLooksTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", ""), "src/test/golden/looks.txt");

  private static final List<String> INSPECTED =
      List.of(
          "key/p256",
          "key/files-blake3",
          "key/empty-file-shards",
          "key/odd-names",
          "key/time-stamp",
          "key/old-p384-sha256",
          "key/bundle-no-signature",
          "key/forged-json-array",
          "key/forged-hash-type-md5",
          "certificate/chain",
          "certificate/pin-e-mail",
          "certificate/lone-certificate",
          "certificate/stamp-two",
          "certificate/stamp-one-of-two-rubbish",
          "certificate/chain-element-rubbish",
          "certificate/log-entry",
          "sigstore/rekor-1",
          "sigstore/both-logs",
          "sigstore/identity-workflow",
          "sigstore/no-entries");

  private static final List<String> COMPARED =
      List.of(
          "key/p256 models/plain",
          "key/p256 models/changed",
          "models/renamed key/p256",
          "models/plain models/swapped",
          "key/p256 key/files-blake3",
          "key/old-p384-sha256 models/plain",
          "models/plain certificate/chain",
          "sigstore/rekor-1 key/p256",
          "key/p256 key/forged-json-array",
          "key/p256 models/plain --public-key key/files/p256.pub",
          "key/p256 models/plain --public-key key/files/p384.pub");

  @Test
  void printsTheSameAsEver() throws IOException {
    StringBuilder outputs = new StringBuilder();
    for (String name : INSPECTED) {
      append(outputs, "inspect " + name);
      append(outputs, "inspect " + name + " --format=json");
    }
    append(outputs, "inspect key/p256 --layer=envelope");
    append(outputs, "inspect key/p256 --layer=statement --format=json");
    for (String names : COMPARED) {
      append(outputs, "diff " + names);
      append(outputs, "diff " + names + " --format=json");
    }
    if (Boolean.getBoolean("modelsigning.writeGolden")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, outputs);
    }
    assertThat(outputs.toString()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
  }

  private static void append(StringBuilder outputs, String command) {
    Object[] arguments = Stream.of(command.split(" ")).map(GoldenLooksTest::argument).toArray();
    Invocation run = Invocation.of(arguments);
    if (command.endsWith("json")) {
      (command.startsWith("diff") ? ReportSchema.DIFF : ReportSchema.INSPECT).read(run);
    }
    outputs
        .append("$ " + command + "\n")
        .append(fixed(run.out()))
        .append(fixed(run.err().lines().map(line -> "! " + line + "\n").reduce("", String::concat)))
        .append("= " + run.status() + "\n\n");
  }

  /** A name of a vector stands for its bundle, and one of a folder for a file in it. */
  private static Object argument(String word) {
    if (word.matches("(key|certificate|sigstore)/[^/]+")) {
      return VectorSet.root().resolve(word + ".sigstore.json");
    }
    return word.matches("(models|key/files)/.*") ? VectorSet.root().resolve(word) : word;
  }

  /** Without the place where the vectors are, and the version. */
  private static String fixed(String text) {
    return text.replace(VectorSet.root().toString(), "VECTORS")
        .replaceAll("\"toolVersion\":\"[^\"]*\"", "\"toolVersion\":\"VERSION\"");
  }
}

package dev.modelsigning.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the commands for attestations print, byte for byte. Words and JSON names are a contract. The
 * file is regenerated with {@code -Dmodelsigning.writeGolden=true}.
 */
class GoldenAttestationsTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", ""), "src/test/golden/attestations.txt");

  private static final String TYPE = "https://example.com/checked/v1";

  private final Path model = VectorSet.root().resolve("models/plain");
  private final Path signature = VectorSet.root().resolve("key/p256.sigstore.json");
  private final Path privateKey = VectorSet.root().resolve("keys-for-tests-only/p256.pem");
  private final Path publicKey = VectorSet.root().resolve("key/files/p256.pub");

  private final StringBuilder outputs = new StringBuilder();

  @TempDir Path scratch;

  @Test
  void printsTheSameAsEver() throws IOException {
    Path claims = scratch.resolve("claims.jsonl");
    Path predicate = scratch.resolve("predicate.json");
    Files.writeString(predicate, "{\"result\": [1e400, \"\u202e\u00e9\\n\"], \"more\": {}}");

    verify(TYPE);
    attest(TYPE, predicate);
    attest(TYPE, predicate, "--quiet");
    Files.writeString(predicate, "{\"result\": \"another\"}");
    attest(TYPE, predicate, "--format=json");
    verify(TYPE);
    verify(TYPE, "--quiet");
    verify(TYPE, "--require-time");
    verify("slsa");
    Files.writeString(
        claims,
        "{}\n" + Files.readString(signature).strip() + "\n{\"half",
        StandardOpenOption.APPEND);
    verify(TYPE);
    attest(TYPE, predicate);
    Files.writeString(predicate, "[]");
    attest(TYPE, predicate);
    run("attest", "key", model, "--signature", signature);
    run("verify-attestation", "key", model, "--signature", signature, "--public-key", publicKey);
    run("verify-attestation", "kye", model);

    if (Boolean.getBoolean("modelsigning.writeGolden")) {
      Files.writeString(GOLDEN, outputs);
    }
    assertThat(outputs.toString()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
  }

  private void attest(String type, Path predicate, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("attest", "key", model));
    arguments.addAll(List.of("--signature", signature, "--private-key", privateKey));
    arguments.addAll(List.of("--predicate-type", type, "--predicate", predicate));
    arguments.addAll(List.of("--claims", scratch.resolve("claims.jsonl")));
    arguments.addAll(List.of(more));
    run(arguments.toArray());
  }

  /** In text and in JSON. */
  private void verify(String type, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("verify-attestation", "key", model));
    arguments.addAll(List.of("--signature", signature, "--public-key", publicKey));
    arguments.addAll(List.of("--predicate-type", type));
    arguments.addAll(List.of("--claims", scratch.resolve("claims.jsonl")));
    arguments.addAll(List.of(more));
    run(arguments.toArray());
    arguments.add("--format=json");
    run(arguments.toArray());
  }

  private void run(Object... arguments) {
    Invocation run = Invocation.of(arguments);
    List<String> words = List.of(arguments).stream().map(Object::toString).toList();
    outputs
        .append(fixed("$ " + String.join(" ", words) + "\n"))
        .append(fixed(run.out()))
        .append(fixed(run.err().lines().map(line -> "! " + line + "\n").reduce("", String::concat)))
        .append("= " + run.status() + "\n\n");
  }

  /** Without what is another in each run: places and the version. */
  private String fixed(String text) {
    return text.replace(VectorSet.root().toString(), "VECTORS")
        .replace(scratch.toString(), "SCRATCH")
        .replaceAll("\"toolVersion\":\"[^\"]+\"", "\"toolVersion\":\"VERSION\"");
  }
}

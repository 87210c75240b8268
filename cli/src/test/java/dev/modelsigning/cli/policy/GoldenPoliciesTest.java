package dev.modelsigning.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the commands about policies print, byte for byte. Words and JSON names are a contract. The
 * file is regenerated with {@code -Dmodelsigning.writeGolden=true}.
 */
class GoldenPoliciesTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", ""), "src/test/golden/policies.txt");

  private final Path model = VectorSet.root().resolve("models/plain");
  private final Path signature = VectorSet.root().resolve("key/p256.sigstore.json");
  private final Path publicKey = VectorSet.root().resolve("key/files/p256.pub");

  private final StringBuilder outputs = new StringBuilder();

  @TempDir Path scratch;

  @Test
  void printsTheSameAsEver() throws IOException {
    // Below the policy, as patterns are for what is there.
    Path copied = scratch.resolve("models/plain");
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = copied.resolve(model.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Files.copy(publicKey, scratch.resolve("us.pub"));
    policy("signatures: { of: us }");
    verify(copied);
    verify(copied, scratch.resolve("gone"));
    policy("signatures: { of: [us, others], at-least: 2 }, max-age: 90d");
    verify(copied);
    run("policy", "lint", scratch.resolve("policy.yaml"));
    run("policy", "lint", scratch.resolve("policy.yaml"), "--format=json");
    policy("mode: warn, signatures: { of: us }, max-age: 90d");
    verify(copied);
    policy("signatures: { of: nobody }");
    verify(copied);
    run("policy", "lint", scratch.resolve("policy.yaml"));
    run("policy", "lint", scratch.resolve("policy.yaml"), "--format=json");
    run("verify", "policy", copied);
    run("policy", "lnit");

    if (Boolean.getBoolean("modelsigning.writeGolden")) {
      Files.writeString(GOLDEN, outputs);
    }
    assertThat(outputs.toString()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
  }

  private void policy(String rule) throws IOException {
    Files.writeString(
        scratch.resolve("policy.yaml"),
        """
        version: 1
        signers:
          us: { key: { public-key: us.pub } }
          others: { key: { public-key: others.pub } }
        models:
          - { match: "models/*", %s }
        """
            .formatted(rule));
  }

  /** In text and in JSON. */
  private void verify(Object... models) {
    List<Object> arguments = new ArrayList<>(List.of("verify", "policy"));
    arguments.addAll(List.of(models));
    arguments.addAll(List.of("--policy", scratch.resolve("policy.yaml"), "--signature", signature));
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

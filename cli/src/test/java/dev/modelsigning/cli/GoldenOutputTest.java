package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the commands print, byte for byte, for vectors of all methods and of all ways to fail. Words
 * and JSON names are a contract: a change of one shows here what else changes. The file is
 * regenerated with {@code -Dmodelsigning.writeGolden=true}.
 */
class GoldenOutputTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("basedir", ""), "src/test/golden/outputs.txt");

  /** With every kind of identity, time, warning and uncovered entry, and every reason. */
  private static final Set<String> KEY =
      Set.of(
          "p256",
          "p521",
          "shards-blake3",
          "odd-names",
          "order-by-components",
          "order-by-components-strict",
          "unsigned-ignored",
          "ignored-path",
          "signature-inside",
          "git-paths",
          "link",
          "unusual-bundle-no-hint",
          "unusual-bundle-log-entry",
          "time-stamp",
          "time-stamp-nobody-trusted",
          "old-p384-sha256",
          "model-changed",
          "model-changed-shards",
          "model-missing",
          "public-key-of-another",
          "public-key-rubbish",
          "public-key-rsa",
          "public-key-two",
          "forged-name-parent",
          "tampered-payload");

  private static final Set<String> CERTIFICATE =
      Set.of(
          "chain",
          "signer-p384",
          "self-signed",
          "verification-time-within",
          "pin-e-mail",
          "pin-other",
          "pin-other-fingerprint",
          "lone-certificate",
          "log-entry",
          "stamp-good",
          "stamp-two",
          "stamp-of-the-future",
          "stamp-one-of-two-rubbish",
          "names-uri-of-anchor-kept",
          "names-subject-kept",
          "revocation-none",
          "revocation-unknown-allowed",
          "revocation-superseded-stamped-before",
          "revocation-of-signer",
          "revocation-stale",
          "revocation-file-cut-off",
          "revocation-file-text-in-block",
          "signer-trusted-alone",
          "intermediate-missing",
          "root-expired",
          "chain-element-rubbish",
          "bare-key");

  private static final Set<String> SIGSTORE =
      Set.of(
          "rekor-1",
          "rekor-2",
          "both-logs",
          "two-time-stamps",
          "identity-workflow",
          "identity-user-name",
          "identity-other",
          "model-unsigned-file",
          "no-entries",
          "no-time",
          "chain-without-entries",
          "certificate-of-another-authority",
          "signature-by-another-key-1",
          "root-log-without-start");

  @TempDir Path scratch;

  @Test
  void printsTheSameAsEver() throws IOException {
    StringBuilder outputs = new StringBuilder();
    for (Vector vector : VectorSet.all()) {
      if (isChosen(vector)) {
        List<Object> arguments = verify(vector);
        append(arguments, outputs);
        arguments.add("--format=json");
        append(arguments, outputs);
      }
    }
    List<Object> partial =
        new ArrayList<>(
            List.of(
                "verify",
                "key",
                VectorSet.root().resolve("models/plain"),
                "--signature",
                VectorSet.root().resolve("key/p256.sigstore.json"),
                "--public-key",
                VectorSet.root().resolve("key/files/p256.pub"),
                "--only=a",
                "--copy-to=" + scratch.resolve("copy")));
    append(partial, outputs);
    partial.set(partial.size() - 1, "--format=json");
    append(partial, outputs);
    Path keys = VectorSet.root().resolve("keys-for-tests-only");
    Path model = VectorSet.root().resolve("models/plain");
    append(
        List.of(
            "sign",
            "key",
            model,
            "--signature",
            scratch.resolve("key.sig"),
            "--private-key",
            keys.resolve("p256.pem")),
        outputs);
    Path certificates = VectorSet.root().resolve("certificate/files");
    append(
        List.of(
            "sign",
            "certificate",
            model,
            "--signature",
            scratch.resolve("certificate.sig"),
            "--private-key",
            keys.resolve("signer.pem"),
            "--signing-certificate",
            certificates.resolve("signer.pem"),
            "--certificate-chain",
            certificates.resolve("issuing.pem")),
        outputs);
    if (Boolean.getBoolean("modelsigning.writeGolden")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, outputs);
    }
    assertThat(outputs.toString()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
  }

  private static boolean isChosen(Vector vector) {
    if (vector.bundle().startsWith("python/")) {
      return vector.name().equals("chain");
    }
    return (switch (vector.method()) {
          case "key" -> KEY;
          case "certificate" -> CERTIFICATE;
          default -> SIGSTORE;
        })
        .contains(vector.name());
  }

  private List<Object> verify(Vector vector) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("verify", vector.method()));
    arguments.add(VectorSet.model(vector, scratch));
    arguments.addAll(List.of("--signature", VectorSet.root().resolve(vector.bundle())));
    for (String option : vector.options().keySet().stream().sorted().toList()) {
      if (vector.values(option).isEmpty()) {
        arguments.add("--" + option);
      }
      for (String value : vector.values(option)) {
        boolean file = Vector.FILE_OPTIONS.contains(option);
        arguments.addAll(List.of("--" + option, file ? VectorSet.root().resolve(value) : value));
      }
    }
    return arguments;
  }

  private void append(List<Object> arguments, StringBuilder outputs) {
    Invocation run = Invocation.of(arguments.toArray());
    String command = String.join(" ", arguments.stream().map(Object::toString).toList());
    outputs
        .append(fixed("$ " + command + "\n"))
        .append(fixed(run.out()))
        .append(fixed(run.err().lines().map(line -> "! " + line + "\n").reduce("", String::concat)))
        .append("= " + run.status() + "\n\n");
  }

  /**
   * Without what is another in each run: places, the version, the current time and those of files.
   */
  private String fixed(String text) {
    return text.replace(VectorSet.root().toString(), "VECTORS")
        .replaceAll(scratch + "/model\\d+", "SCRATCH")
        .replace(scratch.toString(), "SCRATCH")
        .replaceAll("[0-9T:.-]+Z \\(current time\\)", "NOW (current time)")
        .replaceAll(
            "\"[0-9T:.-]+Z\",\"source\":\"CURRENT_TIME\"", "\"NOW\",\"source\":\"CURRENT_TIME\"")
        .replaceAll("\"modified\":\"[0-9T:.-]+Z\"", "\"modified\":\"THEN\"")
        .replaceAll("(last written +)[0-9T:.-]+Z( to [0-9T:.-]+Z)? ", "$1THEN ")
        .replaceAll("\"toolVersion\":\"[^\"]+\"", "\"toolVersion\":\"VERSION\"");
  }
}

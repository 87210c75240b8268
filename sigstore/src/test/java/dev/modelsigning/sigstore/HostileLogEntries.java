package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.hostile.HostileInput;
import dev.modelsigning.testing.Forge.StatementText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Keyless bundles of any size: the certificate is good and was logged, as anybody can have it done,
 * and one part of a log entry is large.
 */
final class HostileLogEntries {

  private final TestSigstore sigstore;
  private final TestSigning signing;

  HostileLogEntries(TestSigstore sigstore) {
    this.sigstore = sigstore;
    this.signing =
        TestSigning.of(sigstore, new StatementText().file("a", "alpha").toString())
            .logDsse1(TestSigning.SOON);
  }

  /** All kinds. */
  List<HostileInput> all() {
    List<HostileInput> all = new ArrayList<>();
    all.add(
        replaced("digits of logIndex", "(\"logIndex\":)\"1005\"", n -> "\"" + digits(n) + "\""));
    all.add(
        replaced(
            "digits of integratedTime",
            "(\"integratedTime\":)\"[0-9]+\"",
            n -> "\"" + digits(n) + "\""));
    all.add(
        replaced("digits of treeSize", "(\"treeSize\":)\"[0-9]+\"", n -> "\"" + digits(n) + "\""));
    all.add(
        replaced(
            "digits behind the point of treeSize",
            "(\"treeSize\":)\"[0-9]+\"",
            n -> "\"6." + digits(n) + "\""));
    all.add(replaced("keyId", "(\"keyId\":)\"[^\"]+\"", n -> "\"" + "A".repeat(n / 4 * 4) + "\""));
    all.add(
        replaced(
            "rootHash", "(\"rootHash\":)\"[^\"]+\"", n -> "\"" + "A".repeat(n / 4 * 4) + "\""));
    all.add(replaced("kind", "(\"kind\":)\"dsse\"", n -> "\"" + "k".repeat(n) + "\""));
    all.add(
        replaced(
            "canonicalizedBody",
            "(\"canonicalizedBody\":)\"[^\"]+\"",
            n -> "\"" + "A".repeat(n / 4 * 4) + "\""));
    all.add(
        replaced(
            "signedEntryTimestamp",
            "(\"signedEntryTimestamp\":)\"[^\"]+\"",
            n -> "\"" + "A".repeat(n / 4 * 4) + "\""));
    all.add(
        replaced(
            "hashes",
            "(\"hashes\":)\\[[^]]*]",
            n -> "[" + "\"AAAA\",".repeat(n / 7) + "\"AAAA\"]"));
    all.add(
        replaced("one hash", "(\"hashes\":)\\[[^]]*]", n -> "[\"" + "A".repeat(n / 4 * 4) + "\"]"));
    all.add(checkpoint("text of the checkpoint", n -> note("x".repeat(n), 1)));
    all.add(checkpoint("lines of the checkpoint", n -> note("x\n".repeat(n / 2), 1)));
    all.add(
        checkpoint("text of the checkpoint with 100 signatures", n -> note("x".repeat(n), 100)));
    all.add(checkpoint("signatures of the checkpoint", n -> note("x", n / 70)));
    all.add(new HostileInput("log entries", this::entries));
    all.add(new HostileInput("time stamps", this::timestamps));
    all.add(body("fields of the body", n -> "{" + "\"x\":0,".repeat(n / 6) + "\"y\":0}"));
    all.add(body("a string in the body", n -> "{\"x\":\"" + "x".repeat(n) + "\"}"));
    all.add(
        replaced(
            "unknown fields of the entry",
            "(\"logIndex\":\"1005\")",
            n -> ",\"x\":\"" + "x".repeat(n) + "\""));
    return all;
  }

  private static String digits(int number) {
    return "1".repeat(number);
  }

  /** The good bundle with one part replaced; the text behind group 1 is what is made. */
  private HostileInput replaced(
      String name, String pattern, java.util.function.IntFunction<String> made) {
    return new HostileInput(
        name,
        size -> {
          String json = text(signing.bundle());
          String replacement = made.apply((int) size);
          java.util.regex.Matcher matcher = java.util.regex.Pattern.compile(pattern).matcher(json);
          if (!matcher.find()) {
            throw new IllegalStateException(name + ": not in the bundle");
          }
          return (json.substring(0, matcher.end(1)) + replacement + json.substring(matcher.end()))
              .getBytes(StandardCharsets.UTF_8);
        });
  }

  private HostileInput checkpoint(String name, java.util.function.IntFunction<String> note) {
    return replaced(
        name,
        "(\"checkpoint\":\\{\"envelope\":)\"[^\"]+\"",
        n -> "\"" + note.apply(n).replace("\n", "\\n") + "\"");
  }

  /** A note that the log has not signed, with its key hint in every signature. */
  private String note(String text, int signatures) {
    String[] lines = checkpointLines();
    byte[] real = Base64.getDecoder().decode(lines[4].substring(lines[4].lastIndexOf(' ') + 1));
    String line = "\u2014 rekor.test " + Base64.getEncoder().encodeToString(real) + "\n";
    return lines[0]
        + "\n"
        + lines[1]
        + "\n"
        + lines[2]
        + "\n"
        + text
        + "\n\n"
        + line.repeat(Math.max(1, signatures));
  }

  private String[] checkpointLines() {
    String json = signing.bundle().tlogEntries().get(0).json();
    int start = json.indexOf("\"envelope\":\"") + 12;
    return json.substring(start, json.indexOf('"', start)).replace("\\n", "\n").split("\n", -1);
  }

  private HostileInput body(String name, java.util.function.IntFunction<String> body) {
    return new HostileInput(
        name,
        size -> {
          TestSigning fresh =
              new TestSigning(sigstore, signing.certificate, signing.envelope)
                  .entry(
                      sigstore.log1.add(
                          "dsse", "0.0.1", body.apply((int) size * 3 / 4), TestSigning.SOON));
          return text(fresh.bundle()).getBytes(StandardCharsets.UTF_8);
        });
  }

  private byte[] entries(long size) {
    Bundle bundle = signing.bundle();
    int number = (int) Math.max(1, size / bundle.tlogEntries().get(0).json().length());
    return text(new Bundle(
            bundle.mediaType(),
            bundle.verificationMaterial(),
            java.util.Collections.nCopies(number, bundle.tlogEntries().get(0)),
            List.of(),
            bundle.envelope()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] timestamps(long size) {
    Bundle bundle =
        new TestSigning(sigstore, signing.certificate, signing.envelope)
            .logDsse1(TestSigning.SOON)
            .timestamp(TestSigning.SOON)
            .bundle();
    int number = (int) Math.max(1, size / 4 * 3 / bundle.rfc3161Timestamps().get(0).length());
    return text(new Bundle(
            bundle.mediaType(),
            bundle.verificationMaterial(),
            bundle.tlogEntries(),
            java.util.Collections.nCopies(number, bundle.rfc3161Timestamps().get(0)),
            bundle.envelope()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Bundle bundle) {
    return new String(bundle.toJson().toArray(), StandardCharsets.UTF_8);
  }
}

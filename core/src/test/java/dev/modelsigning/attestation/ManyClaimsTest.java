package dev.modelsigning.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TimedProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand claims, with less memory than the file has bytes. */
@Timeout(180)
class ManyClaimsTest {

  private static final int CLAIMS = 10_000;

  /** Every how many claims there is one of the type that is asked for. */
  private static final int WANTED = 100;

  private static final int MEBIBYTE = 1024 * 1024;
  private static final int HEAP = 64;

  @TempDir private Path directory;

  @Test
  void tenThousandClaimsAreVerifiedInBoundedMemory() throws Exception {
    Process process =
        TimedProcess.start(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + HEAP + "m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ManyClaimsTest.class.getName(),
                    directory.toString())
                .redirectErrorStream(true));
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines())
        .containsExactly("100 count, 1000 are refused, 3900 more too, 5000 are of other types");
    assertThat(Files.size(directory.resolve("claims.jsonl"))).isGreaterThan(HEAP * MEBIBYTE);
  }

  /** What the other process runs: writes the claims, and verifies them. */
  public static void main(String[] args) throws Exception {
    Forge forge = new Forge();
    ClaimedModel model = ClaimedModel.in(Path.of(args[0]));
    write(model, forge);
    VerifiedModel verified = model.verify(forge.bundle(ClaimedModel.statement()), forge.verifier());
    AttestationOutcome outcome = model.outcome(verified, forge.verifier());
    System.out.printf(
        "%d count, %d are refused, %d more too, %d are of other types%n",
        outcome.attestations().size(),
        outcome.refused().size(),
        outcome.moreRefused(),
        outcome.otherTypes());
  }

  /** By turns a claim of another type and one by somebody else; and some that are wanted. */
  private static void write(ClaimedModel model, Forge forge) throws Exception {
    Forge stranger = new Forge();
    String padding = "x".repeat(6_000);
    String subject = model.subjectJson();
    List<String> types = List.of(ClaimedModel.TYPE, ClaimedModel.TYPE + "/other");
    try (BufferedWriter lines = Files.newBufferedWriter(model.claims())) {
      for (int i = 0; i < CLAIMS; i++) {
        boolean wanted = i % WANTED == 0;
        boolean other = !wanted && i % 2 == 1;
        String claim =
            ClaimedModel.claim(subject, types.get(other ? 1 : 0))
                .replace("\"good\"", "\"" + i + padding + "\"");
        line((wanted || other ? forge : stranger).bundleJson(claim), lines);
      }
    }
  }

  private static void line(String bundle, BufferedWriter lines) throws IOException {
    lines.write(bundle);
    lines.newLine();
  }
}

package dev.modelsigning.cli.watch;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify ... --watch}: each round is a verification of its own. */
class WatchTest {

  /** What stands before the result of a round. */
  private static final String ROUND = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ  round ";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void sign() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  private Invocation watch(Invocation.Between between, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--public-key",
                workspace.publicKey(),
                "--watch",
                "1s"));
    args.addAll(List.of(more));
    return Invocation.watching(Map.of(), between, args.toArray());
  }

  private static Invocation.Between stopAfter(int rounds) {
    return round -> {
      if (round == rounds) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** The lines of the rounds, without their time. */
  private static List<String> rounds(Invocation ended) {
    return ended
        .out()
        .lines()
        .filter(line -> Pattern.compile(ROUND).matcher(line).lookingAt())
        .map(line -> line.replaceFirst("^\\S+ +", ""))
        .toList();
  }

  @Test
  void printsTheVerdictOnceAndALineForEachRound() {
    Invocation ended = watch(stopAfter(3)).assertSucceeded();

    assertThat(ended.out())
        .startsWith("Verification succeeded\n  model ")
        .containsOnlyOnce("not covered");
    assertThat(rounds(ended))
        .hasSize(3)
        .allSatisfy(line ->
            assertThat(line)
                .matches(
                    "round \\d verified: "
                        + Pattern.quote(workspace.model().toString())
                        + ", 3 files, 11 bytes, sha256:[0-9a-f]{64}, key [0-9a-f]{64}"));
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void failsAsSoonAsARoundFails() {
    Invocation ended =
        watch(round -> {
          if (round == 2) {
            workspace.write("model/weights/a.bin", "ALPHA");
          }
        });

    assertThat(ended.status()).isEqualTo(1);
    assertThat(rounds(ended)).hasSize(3);
    assertThat(rounds(ended).get(2)).startsWith("round 3 failed: the model ");
    assertThat(ended.err()).startsWith(VERIFICATION_FAILED).contains("weights/a.bin: expected ");
  }

  /** Neither size nor time is a proof. */
  @Test
  void readsAFileWhoseSizeAndTimeAreTheSame() {
    Path weights = workspace.path("model/weights/a.bin");
    Invocation ended =
        watch(round -> {
          FileTime time = Files.getLastModifiedTime(weights);
          Files.writeString(weights, "ALPHA");
          Files.setLastModifiedTime(weights, time);
        });

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("1 changed");
  }

  @Test
  void readsTheKeyAgain() {
    Invocation ended =
        watch(round -> {
          Path other = workspace.path("other.pub");
          KeyPairFiles.generate(EcdsaScheme.P256, workspace.path("other.pem"), other);
          Files.move(other, workspace.publicKey(), StandardCopyOption.REPLACE_EXISTING);
        });

    assertThat(ended.status()).isEqualTo(1);
    assertThat(rounds(ended)).hasSize(2);
    assertThat(ended.err()).contains("signed with another key");
  }

  @Test
  void readsTheSignatureAgain() {
    Invocation ended = watch(round -> Files.writeString(workspace.signature(), "{}"));

    assertThat(ended.status()).isEqualTo(1);
    assertThat(rounds(ended).get(1)).startsWith("round 2 failed: ");
    assertThat(ended.err()).contains(workspace.signature().toString());
  }

  /** As the kubelet does it: a new directory, and one link that is replaced. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs links")
  void followsTheLinksOfAVolumeAnew() throws IOException {
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Path first = Files.createDirectory(volume.resolve("..first"));
    Files.copy(workspace.publicKey(), first.resolve("key.pub"));
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("..first"));
    Files.createSymbolicLink(volume.resolve("key.pub"), Path.of("..data", "key.pub"));

    Invocation ended =
        watch(
            round -> {
              Path second = Files.createDirectory(volume.resolve("..second"));
              KeyPairFiles.generate(
                  EcdsaScheme.P256, directory.resolve("new.pem"), second.resolve("key.pub"));
              Path link = Files.createSymbolicLink(volume.resolve("..tmp"), Path.of("..second"));
              Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            },
            "--public-key",
            volume.resolve("key.pub"));

    assertThat(ended.status()).isEqualTo(1);
    assertThat(rounds(ended)).hasSize(2);
    assertThat(ended.err()).contains("signed with another key");
  }

  @Test
  void saysAWarningOnce() {
    Invocation ended =
        watch(
                round -> {
                  if (round == 2) {
                    workspace.write("model/added", "x");
                  }
                  stopAfter(3).ended(round);
                },
                "--ignore-paths",
                "nowhere",
                "--ignore-unsigned-files")
            .assertSucceeded();

    assertThat(rounds(ended)).hasSize(3);
    assertThat(ended.err()).containsOnlyOnce("nothing to ignore at nowhere");
  }

  @Test
  void printsNothingButFailuresIfQuiet() {
    Path weights = workspace.path("model/weights/a.bin");
    Invocation ended =
        Invocation.watching(
            Map.of(),
            round -> {},
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.path("none.sig"),
            "--public-key",
            workspace.publicKey(),
            "--watch",
            "30d",
            "--quiet");

    assertThat(weights).exists();
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith(VERIFICATION_FAILED);
  }

  @Test
  void printsAnObjectForEachRound() {
    Invocation ended =
        watch(
            round -> {
              if (round == 2) {
                workspace.write("model/weights/c.bin", "gamma");
              }
            },
            "--format",
            "json");

    assertThat(ended.status()).isEqualTo(1);
    List<String> lines = ended.out().lines().toList();
    String time = "\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\"";
    for (int i = 0; i < 3; i++) {
      assertThat(lines.get(i))
          .startsWith("{\"verified\":" + (i < 2) + ",")
          .matches(
              ".*,\"round\":\\{\"number\":"
                  + (i + 1)
                  + ",\"started\":"
                  + time
                  + ",\"finished\":"
                  + time
                  + "\\}\\}");
    }
    assertThat(lines).hasSize(3);
    assertThat(ended.err()).contains("1 not signed");
  }

  @Test
  void printsAnObjectForARoundThatCannotBegin() {
    Invocation ended = watch(round -> Files.delete(workspace.publicKey()), "--format", "json");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out().lines()).hasSize(2);
    assertThat(ended.out().lines().toList().get(1))
        .startsWith("{\"verified\":false,")
        .contains("\"number\":2");
  }

  @Test
  void findsAModelThatIsNew() throws IOException {
    workspace.write("models/one/weights", "1");
    Path models = workspace.path("models");
    Invocation.of(
            "sign",
            "key",
            models.resolve("one"),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            models.resolve("one/model.sig"))
        .assertSucceeded();

    for (String format : List.of("text", "json")) {
      Files.deleteIfExists(models.resolve("two/weights"));
      Files.deleteIfExists(models.resolve("two"));
      Invocation ended =
          Invocation.watching(
              Map.of(),
              round -> {
                if (round == 1) {
                  workspace.write("models/two/weights", "2");
                }
              },
              "verify",
              "key",
              "--each",
              models,
              "--signature-name",
              "model.sig",
              "--public-key",
              workspace.publicKey(),
              "--format",
              format,
              "--watch",
              "1s");
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err()).contains("1 of 2 models in " + models + " is not verified");
      if (format.equals("text")) {
        assertThat(rounds(ended).get(0)).isEqualTo("round 1 verified: 1 model in " + models);
      } else {
        assertThat(ended.out().lines()).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--report, page.html",
    "--copy-to, copy",
  })
  void refusesWhatIsMadeOnce(String option, String name) {
    watch(round -> {}, option, directory.resolve(name))
        .assertUsage(option + " cannot be used with --watch");
    assertThat(directory.resolve(name)).doesNotExist();
  }

  @Test
  void refusesToPullAtIntervals() {
    Invocation.of(
            "verify",
            "key",
            "oci://registry.example/model:1",
            "--public-key",
            workspace.publicKey(),
            "--pull",
            directory.resolve("pulled"),
            "--watch",
            "1h")
        .assertUsage("--pull cannot be used with --watch");
  }

  @Test
  void refusesSarif() {
    Invocation refused = watch(round -> {}, "--format", "sarif");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--watch needs --format text or json");
    // The standard allows no other members of the document.
    assertThat(refused.out()).contains("\"version\":\"2.1.0\"").doesNotContain("\"round\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "0d", "31d", "5w", "721h", "999999999w"})
  void refusesIntervalsOutOfBounds(String interval) {
    watch(round -> {}, "--watch", interval).assertUsage("expected an interval from 1s to 30d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "h", "1 h", "1H", "-1h", "1.5h", "PT1H", "99999999999999999999s"})
  void refusesWhatIsNoInterval(String interval) {
    watch(round -> {}, "--watch", interval)
        .assertUsage("Invalid value for option '--watch'", "such as 90s, 30m, 12h, 7d or 2w");
  }
}

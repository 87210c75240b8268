package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.TimedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.OptionalAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before anything is built. */
class ReleaseSettingsTest {

  @TempDir private Path checkout;

  @BeforeEach
  void writeCheckout() throws Exception {
    writeBom("1.2.3-SNAPSHOT");
    Checkout.write(checkout, "key.pem", "a key");
  }

  private void writeBom(String version) throws Exception {
    Checkout.write(
        checkout, "bom/pom.xml", "<project><version>" + version + "</version></project>");
  }

  /** The check of settings, which are a snapshot's unless others are given. */
  private OptionalAssert<String> check(String... given) throws Exception {
    List<String> settings = new ArrayList<>();
    for (String each :
        new String[] {
          "version=1.2.3-SNAPSHOT",
          "time=2025-01-01T00:00:00Z",
          "key=",
          "keyless=false",
          "trustConfig="
        }) {
      String name = each.replaceFirst("=.*", "=");
      settings.add(
          Arrays.stream(given).filter(one -> one.startsWith(name)).findFirst().orElse(each));
    }
    return assertThat(ReleaseSettings.problem(checkout, settings.toArray(String[]::new)));
  }

  @Test
  void takesATrialAKeyAUriAndAnIdentity() throws Exception {
    check().isEmpty();
    check("keyless=").isEmpty();
    check("key=key.pem").isEmpty();
    check("key=pkcs11:token=x").isEmpty();
    check("keyless=true").isEmpty();
    check("keyless=true", "trustConfig=key.pem").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "keyless=yes, -, must be true or false",
    "keyless=true, key=key.pem, exclude each other",
    "key=none.pem, -, no file",
    "key=bom, -, no file",
    "trustConfig=key.pem, -, is of use with",
    "trustConfig=none, keyless=true, no file",
    "version=1.2.4-SNAPSHOT, -, expected version 1.2.4-SNAPSHOT",
    "version=1.2.3, -, must be signed by its publisher",
  })
  void refuses(String one, String other, String message) throws Exception {
    check(one, other).get().asString().contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-26T00:00:00Z, ",
    "2026-11-01T12:00:00Z, ",
    "2026-12-20T12:00:00Z, ",
    "2026-10-01T00:00:00Z, expected a time within 31 days of the commit",
    "2025-01-01T00:00:00Z, expected a time within 31 days of the commit",
    "2027-01-01T00:00:00Z, expected a time within 31 days of the commit",
    "2026-11-26, expected a time in UTC",
  })
  void comparesTheTimeInArchivesWithTheCommit(String time, String message) throws Exception {
    writeBom("1.2.3");
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=n", "-c", "user.email=e@e.example", "commit", "-q", "-m", "first");

    OptionalAssert<String> problem = check("version=1.2.3", "key=key.pem", "time=" + time);

    if (message == null) {
      problem.isEmpty();
    } else {
      problem.get().asString().startsWith("project.build.outputTimestamp: " + message);
    }
  }

  @Test
  void refusesAReleaseWhoseCommitIsNotThere() throws Exception {
    writeBom("1.2.3");
    Files.createDirectory(checkout.resolve(".git")); // not of a repository around, if there is one

    check("version=1.2.3", "key=key.pem")
        .get()
        .asString()
        .startsWith("project.build.outputTimestamp: cannot be compared with the commit");
  }

  private void git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(checkout.toFile()).inheritIO();
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("GIT_COMMITTER_DATE", "2026-11-26T12:00:00Z");
    builder.environment().put("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z");
    assertThat(TimedProcess.start(builder).waitFor()).isZero();
  }
}

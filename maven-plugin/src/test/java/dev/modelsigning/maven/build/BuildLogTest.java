package dev.modelsigning.maven.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.maven.ListLog;
import org.junit.jupiter.api.Test;

class BuildLogTest {

  private final ListLog lines = new ListLog();
  private final BuildLog log = new BuildLog(lines);

  @Test
  void escapesWhatCouldSteerATerminalOrForgeALine() {
    log.info("a\u001b[2J\n[INFO] BUILD SUCCESS\u202e");
    log.trace(new IllegalStateException("x\u001by", new IllegalArgumentException("p\nq")));

    assertThat(lines.lines()).contains("info a\\u001b[2J\\u000a[INFO] BUILD SUCCESS\\u202e");
    assertThat(lines.lines())
        .contains("debug java.lang.IllegalStateException: x\\u001by")
        .contains("debug java.lang.IllegalArgumentException: p\\u000aq");
  }

  @Test
  void showsNoToken() {
    log.error("refused eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl by Fulcio");

    assertThat(lines.lines()).containsExactly("error refused (token) by Fulcio");
  }

  @Test
  void findingsAreWarningsWithTheParametersThatHelp() {
    log.finding(Finding.of(Rules.ANY_SIGNER, "anybody could have signed"));

    assertThat(lines.lines())
        .containsExactly(
            "warn ANY_SIGNER: anybody could have signed; name the signer with"
                + " <certificateIdentities> or <certificateFingerprints>");
  }

  @Test
  void optionsAreParametersInAdvice() {
    assertThat(BuildLog.inWordsOfThePlugin("use --ignore-paths, --crl or --only; a - b"))
        .isEqualTo("use <ignorePaths>, <crls> or <only>; a - b");
  }
}

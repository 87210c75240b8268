package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attestations must say: licences, builders, severities. */
class StatedConditionTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"license":{"id":"Apache-2.0"}}                                 | true
          {"license":{"id":"apache-2.0"}}                                 | true
          {"license":{"name":"MIT"}}                                      | true
          {"license":{"id":"GPL-3.0-only"}}                               | false
          {"license":{"id":"MIT"}},{"license":{"id":"GPL-3.0-only"}}      | false
          {"license":{"id":"MIT"}},{"license":{"id":"Apache-2.0"}}        | true
          {"expression":"MIT OR GPL-3.0-only"}                            | true
          {"expression":"MIT AND GPL-3.0-only"}                           | false
          {"expression":"(GPL-3.0-only OR MIT) AND (Apache-2.0 OR X)"}    | true
          {"expression":"Apache-2.0 WITH LLVM-exception"}                 | true
          {"expression":"MIT WITH denied-exception"}                      | false
          {"expression":"MIT OR"}                                         | false
          {"expression":"(MIT"}                                           | false
          {"license":{}}                                                  | false
          {"license":{"id":"MIT","name":"GPL-3.0-only"}}                  | false
          {"license":{"id":"MIT"},"expression":"GPL-3.0-only"}            | false
          {"license":{"name":"MIT AND GPL-3.0-only"}}                     | false
          {"license":{"name":" MIT "}}                                    | true
                                                                          | false
          """)
  void comparesLicenses(String licenses, boolean met) throws Exception {
    scene.requires(
        "{ type: cyclonedx, by: bob, licenses: { allow: [Apache-2.0, MIT],"
            + " deny: [MIT WITH denied-exception] } }");
    scene.attest(
        scene.byKey("bob"), "cyclonedx", Scene.bom("\"licenses\":[" + text(licenses) + "]", ""));

    assertThat(Scene.row(scene.verdict(), "attestations[0].licenses").met()).isEqualTo(met);
    assertThat(scene.verdict().isVerified()).isEqualTo(met);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"license":{"id":"MIT"}}                            | true
          {"license":{"name":"A Licence of Ours"}}            | true
          {"license":{"id":"GPL-3.0-only"}}                   | false
          {"license":{"id":"GPL-3.0"}}                        | false
          {"license":{"id":"GPL-3.0+"}}                       | false
          {"license":{"id":"GPL-3.0-or-later"}}               | false
          {"license":{"id":" GPL-3.0-only"}}                  | false
          {"license":{"id":"GPL-3.0-only WITH x"}}            | false
          {"license":{"name":"MIT AND GPL-3.0-only"}}         | false
          {"expression":"MIT AND\u00a0GPL-3.0-only"}          | false
          {"expression":"(GPL-3.0-only"}                      | false
          {"expression":"MIT OR GPL-3.0-only"}                | true
          """)
  void refusesDeniedLicenses(String licenses, boolean met) throws Exception {
    scene.requires("{ type: cyclonedx, by: bob, licenses: { deny: GPL-3.0-only } }");
    scene.attest(scene.byKey("bob"), "cyclonedx", Scene.bom("\"licenses\":[" + licenses + "]", ""));

    assertThat(Scene.row(scene.verdict(), "attestations[0].licenses").met()).isEqualTo(met);
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  @Test
  void comparesTheBuilder() throws Exception {
    scene.requires("{ type: slsa, by: bob, builder: \"https://bank.example/trainer\" }");
    String provenance =
        """
        {"buildDefinition":{"buildType":"https://bank.example/t","externalParameters":{}},
         "runDetails":{"builder":{"id":"https://bank.example/%s"}}}
        """;
    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("other"));
    assertThat(scene.refused("attestations[0].builder").why())
        .contains("https://bank.example/other");

    scene.attest(scene.byKey("bob"), "slsa", provenance.formatted("trainer"));
    scene.accepted();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                                             | true
          cvss 6.9                                           | true
          epss 0.97                                          | false
          MEDIUM                                             | true
          cvss 7.0                                           | false
          high                                               | false
          unknown                                            | false
          CVSS:3.1/AV:N                                      | false
          """)
  void comparesSeverities(String score, boolean met) throws Exception {
    scene.requires("{ type: vulns, by: bob, severity: medium }");
    String method = score != null && score.startsWith("epss ") ? "epss" : "CVSS_V3";
    String result =
        score == null
            ? ""
            : "{\"id\":\"CVE-1\",\"severity\":[{\"method\":\"%s\",\"score\":\"%s\"}]}"
                .formatted(method, score.replaceFirst("^(cvss|epss) ", ""));
    scene.attest(
        scene.byKey("bob"),
        "vulns",
        """
        {"scanner":{"uri":"https://scanner.example","db":{"lastUpdate":"2026-01-01T00:00:00Z"},
         "result":[%s]},
         "metadata":{"scanStartedOn":"2026-01-01T00:00:00Z",
         "scanFinishedOn":"2026-01-01T00:00:00Z"}}
        """
            .formatted(result));

    assertThat(Scene.row(scene.verdict(), "attestations[0].severity").met()).isEqualTo(met);
  }
}

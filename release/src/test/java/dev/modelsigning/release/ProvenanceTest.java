package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the provenance of a release states. */
class ProvenanceTest {

  private static final Map<String, String> WORKFLOW =
      Map.of(
          "GITHUB_ACTIONS",
          "true",
          "GITHUB_SERVER_URL",
          "https://github.com",
          "GITHUB_REPOSITORY",
          "owner/repo",
          "GITHUB_WORKFLOW_REF",
          "owner/repo/.github/workflows/release.yml@refs/tags/v1",
          "GITHUB_RUN_ID",
          "7",
          "GITHUB_RUN_ATTEMPT",
          "2");

  private static final Map<String, Object> MATERIAL = Map.of("uri", "pkg:maven/a/b@1");

  @TempDir private Path directory;

  private Map<?, ?> statement(Settings settings, String commit, Map<String, String> environment)
      throws Exception {
    String text =
        new Provenance(settings, new Commit(commit), environment)
            .statement(
                new TreeMap<>(Map.of("b", "22", "a", "11")),
                new TreeMap<>(Map.of("pkg:maven/a/b@1", MATERIAL)));
    return (Map<?, ?>) JsonText.read(Checkout.write(directory, "statement.json", text));
  }

  private static Object at(Object value, String... path) {
    Object found = value;
    for (String each : path) {
      found = ((Map<?, ?>) found).get(each);
    }
    return found;
  }

  @Test
  void hasTheFilesAsSubjectsAndTheCommitAndLibrariesAsDependencies() throws Exception {
    Settings settings = Checkout.settings(directory, "key.pem");

    Map<?, ?> statement = statement(settings, Checkout.COMMIT, Map.of());

    assertThat(at(statement, "_type")).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(at(statement, "predicateType")).isEqualTo("https://slsa.dev/provenance/v1");
    assertThat(at(statement, "subject"))
        .isEqualTo(
            List.of(
                Map.of("name", "a", "digest", Map.of("sha256", "11")),
                Map.of("name", "b", "digest", Map.of("sha256", "22"))));
    Object definition = at(statement, "predicate", "buildDefinition");
    assertThat(at(definition, "externalParameters"))
        .isEqualTo(Map.of("command", "mvn -Prelease", "version", Checkout.VERSION));
    assertThat(at(definition, "internalParameters", "signedBy")).isEqualTo("key");
    assertThat(at(definition, "internalParameters", "maven")).isEqualTo("3.9");
    assertThat(at(definition, "resolvedDependencies"))
        .isEqualTo(
            List.of(
                Map.of("name", "source", "digest", Map.of("gitCommit", Checkout.COMMIT)),
                MATERIAL));
    assertThat(at(statement, "predicate", "runDetails"))
        .isEqualTo(Map.of("builder", Map.of("id", "https://modelsigning.dev/release/local")));
  }

  @Test
  void namesTheWorkflowThatBuilds() throws Exception {
    Settings settings = new Settings(directory, "1", "", true, "", "", "3.9");

    Map<?, ?> statement = statement(settings, Checkout.COMMIT, WORKFLOW);

    assertThat(at(statement, "predicate", "runDetails"))
        .isEqualTo(
            Map.of(
                "builder",
                Map.of(
                    "id",
                    "https://github.com/owner/repo/.github/workflows/release.yml@refs/tags/v1"),
                "metadata",
                Map.of("invocationId", "https://github.com/owner/repo/actions/runs/7/attempts/2")));
    Object definition = at(statement, "predicate", "buildDefinition");
    assertThat(at(definition, "externalParameters", "source"))
        .isEqualTo("https://github.com/owner/repo");
    assertThat(at(definition, "internalParameters", "signedBy")).isEqualTo("identity");
    assertThat(at(((List<?>) at(definition, "resolvedDependencies")).get(0), "uri"))
        .isEqualTo("git+https://github.com/owner/repo");
  }

  @Test
  void believesNoVariablesOutsideOfAWorkflow() throws Exception {
    Map<String, String> environment = new TreeMap<>(WORKFLOW);
    environment.put("GITHUB_ACTIONS", "no");

    Map<?, ?> statement =
        statement(Checkout.settings(directory, "key.pem"), Checkout.COMMIT, environment);

    assertThat(statement.toString()).contains("release/local").doesNotContain("github.com");
  }

  @Test
  void saysThatSourcesWereChangedAndThatATrialWasSignedByNobody() throws Exception {
    Settings settings =
        new Settings(directory, "1-SNAPSHOT", "", false, "", "https://example.org/r", "3.9");

    Map<?, ?> statement = statement(settings, Checkout.COMMIT + " with changes", Map.of());

    Object definition = at(statement, "predicate", "buildDefinition");
    assertThat(at(definition, "internalParameters", "signedBy"))
        .isEqualTo("temporary key, of a trial");
    assertThat(((List<?>) at(definition, "resolvedDependencies")).get(0))
        .isEqualTo(
            Map.of(
                "name",
                "source",
                "uri",
                "git+https://example.org/r",
                "digest",
                Map.of("gitCommit", Checkout.COMMIT),
                "annotations",
                Map.of("changes", "built with changes that are in no commit")));
  }

  @Test
  void hasNoCommitIfNoneIsKnown() throws Exception {
    Map<?, ?> statement = statement(Checkout.settings(directory, ""), "", Map.of());

    assertThat(at(statement, "predicate", "buildDefinition", "resolvedDependencies"))
        .isEqualTo(List.of(MATERIAL));
  }
}

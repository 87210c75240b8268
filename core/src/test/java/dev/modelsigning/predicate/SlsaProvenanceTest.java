package dev.modelsigning.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Provenance from the environment of two platforms, or from given values; no secret gets in. */
class SlsaProvenanceTest {

  private static final String COMMIT = "c27d339ee6075c1f744c5d4b200f7901aad2c369";

  private static Map<String, String> gitHub() {
    Map<String, String> environment = new HashMap<>();
    environment.put("GITHUB_ACTIONS", "true");
    environment.put("GITHUB_SERVER_URL", "https://github.com");
    environment.put("GITHUB_REPOSITORY", "octocat/hello-world");
    environment.put("GITHUB_REF", "refs/heads/main");
    environment.put("GITHUB_SHA", COMMIT);
    environment.put(
        "GITHUB_WORKFLOW_REF", "octocat/hello-world/.github/workflows/train.yml@refs/heads/main");
    environment.put("GITHUB_EVENT_NAME", "workflow_dispatch");
    environment.put("GITHUB_REPOSITORY_ID", "1296269");
    environment.put("GITHUB_REPOSITORY_OWNER_ID", "583231");
    environment.put("GITHUB_RUN_ID", "1536140711");
    environment.put("GITHUB_RUN_ATTEMPT", "1");
    environment.put("RUNNER_ENVIRONMENT", "github-hosted");
    environment.put("GITHUB_TOKEN", "ghs_verysecret");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "verysecret");
    return environment;
  }

  private static Map<String, String> gitLab() {
    Map<String, String> environment = new HashMap<>();
    environment.put("GITLAB_CI", "true");
    environment.put("CI_PROJECT_URL", "https://gitlab.com/group/project");
    environment.put("CI_COMMIT_SHA", COMMIT);
    environment.put("CI_COMMIT_REF_NAME", "main");
    environment.put("CI_JOB_NAME", "train model");
    environment.put("CI_JOB_ID", "10340684631");
    environment.put("CI_JOB_URL", "https://gitlab.com/group/project/-/jobs/10340684631");
    environment.put("CI_JOB_STARTED_AT", "2026-01-31T12:00:00Z");
    environment.put("CI_RUNNER_ID", "12270831");
    environment.put("CI_RUNNER_VERSION", "18.1.0");
    environment.put("CI_RUNNER_EXECUTABLE_ARCH", "linux/amd64");
    environment.put("CI_PIPELINE_ID", "1216772341");
    environment.put("CI_PIPELINE_SOURCE", "push");
    environment.put("CI_CONFIG_PATH", ".gitlab-ci.yml");
    environment.put("CI_JOB_TOKEN", "verysecret");
    environment.put("CI_REPOSITORY_URL", "https://gitlab-ci-token:verysecret@gitlab.com/g/p.git");
    return environment;
  }

  private static JsonNode written(SlsaProvenance.Builder builder) throws Exception {
    GeneratedPredicate predicate = builder.build().about(CardModel.named("m").verify());
    assertThat(predicate.json()).doesNotContain("verysecret");
    assertThat(predicate.missing()).isEmpty();
    return JsonMapper.shared().readTree(predicate.json());
  }

  private static JsonNode written(Map<String, String> environment) throws Exception {
    return written(SlsaProvenance.builder().environment(environment));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static SlsaProvenance.Builder given() {
    return SlsaProvenance.builder()
        .builderId("https://bank.example/trainer")
        .buildType("https://bank.example/training/v1");
  }

  /** As in the example of the build type. */
  @Test
  void describesAWorkflowOfGitHubActions() throws Exception {
    assertThat(written(gitHub()))
        .isEqualTo(
            json(
                """
                {'buildDefinition': {
                   'buildType': 'https://actions.github.io/buildtypes/workflow/v1',
                   'externalParameters': {'workflow': {
                     'ref': 'refs/heads/main',
                     'repository': 'https://github.com/octocat/hello-world',
                     'path': '.github/workflows/train.yml'}},
                   'internalParameters': {'github': {
                     'event_name': 'workflow_dispatch',
                     'repository_id': '1296269',
                     'repository_owner_id': '583231',
                     'runner_environment': 'github-hosted'}},
                   'resolvedDependencies': [{
                     'uri': 'git+https://github.com/octocat/hello-world@refs/heads/main',
                     'digest': {'gitCommit': '%s'}}]},
                 'runDetails': {
                   'builder': {'id': 'https://github.com/octocat/hello-world/.github/workflows/train.yml@refs/heads/main'},
                   'metadata': {'invocationId':
                     'https://github.com/octocat/hello-world/actions/runs/1536140711/attempts/1'}}}
                """
                    .formatted(COMMIT)));
  }

  @Test
  void describesAJobOfGitLabCi() throws Exception {
    assertThat(written(gitLab()))
        .isEqualTo(
            json(
                """
                {'buildDefinition': {
                   'buildType': 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v18.1.0/PROVENANCE.md',
                   'externalParameters': {
                     'source': 'https://gitlab.com/group/project',
                     'entryPoint': 'train model',
                     'variables': {
                       'CI_COMMIT_REF_NAME': 'main',
                       'CI_PIPELINE_ID': '1216772341',
                       'CI_PIPELINE_SOURCE': 'push',
                       'CI_CONFIG_PATH': '.gitlab-ci.yml'}},
                   'internalParameters': {
                     'architecture': 'linux/amd64',
                     'job': '10340684631'},
                   'resolvedDependencies': [{
                     'uri': 'git+https://gitlab.com/group/project@refs/heads/main',
                     'digest': {'gitCommit': '%s'}}]},
                 'runDetails': {
                   'builder': {'id': 'https://gitlab.com/group/project/-/runners/12270831'},
                   'metadata': {
                     'invocationId': 'https://gitlab.com/group/project/-/jobs/10340684631',
                     'startedOn': '2026-01-31T12:00:00Z'}}}
                """
                    .formatted(COMMIT)));
  }

  @ParameterizedTest
  @CsvSource({
    "CI_COMMIT_TAG, v1.0, refs/tags/v1.0",
    "CI_MERGE_REQUEST_REF_PATH, refs/merge-requests/1/head, refs/merge-requests/1/head",
  })
  void namesTheReferenceOfATagOrAMergeRequest(String variable, String value, String ref)
      throws Exception {
    Map<String, String> environment = gitLab();
    environment.put(variable, value);

    assertThat(
            written(environment)
                .get("buildDefinition")
                .get("resolvedDependencies")
                .get(0)
                .get("uri")
                .asString())
        .isEqualTo("git+https://gitlab.com/group/project@" + ref);
  }

  /** Both a path and a reference may have an at sign; and not all of a reference is for a URI. */
  @Test
  void findsTheFileOfAWorkflowWhateverItsNames() throws Exception {
    Map<String, String> environment = gitHub();
    environment.put("GITHUB_REF", "refs/heads/a@b#é%?");
    environment.put(
        "GITHUB_WORKFLOW_REF", "octocat/hello-world/.github/w@x.yml@refs/heads/a@b#é%?");

    JsonNode definition = written(environment).get("buildDefinition");

    assertThat(definition.get("externalParameters").get("workflow").get("path").asString())
        .isEqualTo(".github/w@x.yml");
    assertThat(definition.get("externalParameters").get("workflow").get("ref").asString())
        .isEqualTo("refs/heads/a@b#é%?");
    assertThat(definition.get("resolvedDependencies").get(0).get("uri").asString())
        .isEqualTo("git+https://github.com/octocat/hello-world@refs/heads/a%40b%23%C3%A9%25%3F");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GITHUB_SERVER_URL",
        "GITHUB_REPOSITORY",
        "GITHUB_REF",
        "GITHUB_SHA",
        "GITHUB_WORKFLOW_REF",
        "GITHUB_EVENT_NAME",
        "GITHUB_REPOSITORY_ID",
        "GITHUB_REPOSITORY_OWNER_ID",
        "GITHUB_RUN_ID",
        "GITHUB_RUN_ATTEMPT",
        "CI_PROJECT_URL",
        "CI_COMMIT_SHA",
        "CI_COMMIT_REF_NAME",
        "CI_JOB_NAME",
        "CI_JOB_ID",
        "CI_JOB_URL",
        "CI_RUNNER_ID",
        "CI_RUNNER_VERSION",
        "CI_PIPELINE_ID",
        "CI_PIPELINE_SOURCE",
      })
  void refusesAnEnvironmentWithoutAVariable(String name) {
    Map<String, String> environment = name.startsWith("CI_") ? gitLab() : gitHub();
    assertThat(environment.remove(name)).isNotNull();

    assertThatThrownBy(() -> written(environment))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessage("environment: " + name + ": is missing");
    environment.put(name, "");
    assertThatThrownBy(() -> written(environment))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessage("environment: " + name + ": is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "GITHUB_SERVER_URL, https://user:secret@github.com, has a user name or password",
    "GITHUB_SERVER_URL, ftp://github.com, expected an http or https address",
    "GITHUB_SERVER_URL, https://github.com/, expected an http or https address",
    "GITHUB_SERVER_URL, https://github.com?x, expected an http or https address",
    "GITHUB_SERVER_URL, github.com, expected a URI with a scheme",
    "GITHUB_REPOSITORY, ../x/y, expected a repository",
    "GITHUB_REF, main, expected a git reference",
    "GITHUB_SHA, c27d339, expected the hash of a commit",
    "GITHUB_SHA, C27D339EE6075C1F744C5D4B200F7901AAD2C369, expected the hash of a commit",
    "GITHUB_WORKFLOW_REF, other/repo/w.yml@refs/heads/main, expected a workflow of the repository",
    "GITHUB_WORKFLOW_REF, octocat/hello-world/w.yml@refs/heads/x, expected a workflow of the",
    "GITHUB_WORKFLOW_REF, octocat/hello-world/@refs/heads/main, expected a workflow of the",
    "GITHUB_EVENT_NAME, a b, expected the name of an event",
    "GITHUB_REPOSITORY_ID, 1e3, expected a number",
    "GITHUB_RUN_ID, -1, expected a number",
    "RUNNER_ENVIRONMENT, a b, expected github-hosted or self-hosted",
    "CI_PROJECT_URL, https://token@gitlab.com/g/p, has a user name or password",
    "CI_JOB_URL, javascript:x, expected an http or https address",
    "CI_JOB_NAME, https://u:secret@h/x, has a user name or password",
    "CI_RUNNER_VERSION, ../../x, expected the version of a released runner",
    "CI_PIPELINE_SOURCE, a b, expected a word",
    "CI_JOB_STARTED_AT, yesterday, expected a time (RFC 3339)",
    "CI_RUNNER_EXECUTABLE_ARCH, a b, expected an architecture",
    "CI_CONFIG_PATH, https://h.example/ci.yml?private_token=secret, expected a path",
    "CI_CONFIG_PATH, https://h.example/ci.yml#secret, expected a path",
  })
  void refusesAMalformedVariable(String name, String value, String message) {
    Map<String, String> environment = name.startsWith("CI_") ? gitLab() : gitHub();
    environment.put(name, value);

    assertThatThrownBy(() -> written(environment))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageStartingWith("environment: " + name + ": " + message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesVariablesThatAreTooLongOrControlATerminal() {
    for (String value : new String[] {"x".repeat(1_001), "a\u001b[31m", "a\nb", "\ud800"}) {
      Map<String, String> environment = gitLab();
      environment.put("CI_JOB_NAME", value);

      assertThatThrownBy(() -> written(environment))
          .isInstanceOf(MalformedPredicateException.class)
          .hasMessageStartingWith("environment: CI_JOB_NAME: ")
          .hasMessageNotContaining("\u001b");
    }
  }

  @Test
  void refusesAJobThatBeganInTheFuture() {
    Map<String, String> environment = gitLab();
    environment.put("CI_JOB_STARTED_AT", Instant.now().plus(Duration.ofHours(1)).toString());

    assertThatThrownBy(() -> written(environment))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessageContaining("is in the future");
  }

  @Test
  void refusesTwoPlatformsAtOnce() {
    Map<String, String> environment = gitHub();
    environment.putAll(gitLab());

    assertThatThrownBy(() -> written(environment))
        .isInstanceOf(MalformedPredicateException.class)
        .hasMessage("environment: both GITHUB_ACTIONS and GITLAB_CI are true");
  }

  @Test
  void describesABuildByGivenValues() throws Exception {
    JsonNode written =
        written(
            given()
                .environment(gitHub())
                .invocationId("run 7")
                .startedOn(Instant.parse("2026-01-31T12:00:00.75Z"))
                .finishedOn(Instant.parse("2026-01-31T13:00:00Z"))
                .parameter("epochs", "3")
                .parameter("config", "")
                .parameter("a", "=b=c"));

    assertThat(written)
        .isEqualTo(
            json(
                """
                {'buildDefinition': {
                   'buildType': 'https://bank.example/training/v1',
                   'externalParameters': {'a': '=b=c', 'config': '', 'epochs': '3'}},
                 'runDetails': {
                   'builder': {'id': 'https://bank.example/trainer'},
                   'metadata': {'invocationId': 'run 7',
                     'startedOn': '2026-01-31T12:00:00Z', 'finishedOn': '2026-01-31T13:00:00Z'}}}
                """));
  }

  /** As for a called workflow, whose name only a token knows. */
  @Test
  void givenValuesReplaceThoseOfTheEnvironment() throws Exception {
    JsonNode details =
        written(
                SlsaProvenance.builder()
                    .environment(gitHub())
                    .builderId("https://github.com/octocat/builders/b.yml@refs/tags/v1")
                    .invocationId("mine"))
            .get("runDetails");

    assertThat(details.get("builder").get("id").asString())
        .isEqualTo("https://github.com/octocat/builders/b.yml@refs/tags/v1");
    assertThat(details.get("metadata").get("invocationId").asString()).isEqualTo("mine");
  }

  @Test
  void namesDependenciesWithTheirRootDigests() throws Exception {
    VerifiedModel base = CardModel.named("base").file("x", "x").verify();
    Digest digest = new Digest(HashAlgorithm.SHA256, "ab".repeat(32));

    JsonNode dependencies =
        written(
                SlsaProvenance.builder()
                    .environment(gitHub())
                    .dependency(ResolvedDependency.of(Role.BASE_MODEL, base, "unused"))
                    .dependency(
                        new ResolvedDependency(
                            Role.DATASET,
                            "set \ud800",
                            Optional.of("https://data.example/set"),
                            digest,
                            Optional.empty())))
            .get("buildDefinition")
            .get("resolvedDependencies");

    assertThat(dependencies).hasSize(3);
    assertThat(dependencies.get(1))
        .isEqualTo(
            json(
                """
                {'name': 'base', 'digest': {'sha256': '%s'},
                 'annotations': {'dev.modelsigning/role': 'base-model',
                   'dev.modelsigning/digest': 'OMS root digest (OMS 6.5.1)',
                   'dev.modelsigning/signed': true,
                   'dev.modelsigning/signer': 'key %s'}}
                """
                    .formatted(base.manifest().rootDigest().hex(), base.signer().name())));
    assertThat(dependencies.get(2))
        .isEqualTo(
            json(
                """
                {'name': 'set \ufffd', 'uri': 'https://data.example/set',
                 'digest': {'sha256': '%s'},
                 'annotations': {'dev.modelsigning/role': 'dataset',
                   'dev.modelsigning/digest': 'OMS root digest (OMS 6.5.1)',
                   'dev.modelsigning/signed': false}}
                """
                    .formatted(digest.hex())));
  }

  @Test
  void namesWhatIsMissingWithoutAnEnvironment() {
    assertThatThrownBy(() -> SlsaProvenance.builder().environment(Map.of("CI", "true")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "this is no job of GitHub Actions or GitLab CI, so the builder id and the build type"
                + " are needed");
    assertThatThrownBy(() -> SlsaProvenance.builder().builderId("https://b.example").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("so the build type is needed");
    assertThatThrownBy(() ->
            SlsaProvenance.builder().environment(gitHub()).buildType("https://b.example").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the builder id is needed");
  }

  @Test
  void refusesValuesThatCannotBePublishedOrContradictOneAnother() {
    Instant future = Instant.now().plus(Duration.ofMinutes(10));
    assertRefused(() -> given().builderId("trainer"), "the builder id: expected a URI");
    assertRefused(
        () -> given().builderId("https://u:verysecret@bank.example/"),
        "the builder id: has a user name or password");
    assertRefused(() -> given().buildType("x"), "the build type: expected a URI");
    assertRefused(() -> given().invocationId(""), "the invocation id: expected 1 to 1000");
    assertRefused(
        () -> given().invocationId("see https://ok.example git+ssh://u:verysecret@h/"),
        "the invocation id: has a user name");
    assertRefused(() -> given().startedOn(future), "the start of the build is in the future");
    assertRefused(() -> given().finishedOn(future), "the end of the build is in the future");
    assertRefused(() -> given().parameter("", "x"), "the name of a parameter: expected 1 to");
    assertRefused(
        () -> given().parameter("a", "1").parameter("a", "2"), "the parameter 'a' is given twice");
    assertRefused(
        () -> given().parameter("a", "\u0007"), "the parameter a: has control characters");
    assertRefused(
        () -> SlsaProvenance.builder().environment(gitHub()).parameter("a", "1").build(),
        "parameters need a build type");
    assertRefused(
        () ->
            given()
                .startedOn(Instant.parse("2026-01-02T00:00:00Z"))
                .finishedOn(Instant.parse("2026-01-01T00:00:00Z"))
                .build(),
        "the build ended before it began");
  }

  @Test
  void refusesDependenciesWithoutANameOrWithCredentials() {
    Digest digest = new Digest(HashAlgorithm.SHA256, "ab".repeat(32));
    assertRefused(
        () -> new ResolvedDependency(Role.DATASET, "", Optional.empty(), digest, Optional.empty()),
        "the name of a dependency must not be empty");
    assertRefused(
        () ->
            new ResolvedDependency(
                Role.DATASET,
                "d",
                Optional.of("https://u:verysecret@h/"),
                digest,
                Optional.empty()),
        "the URI of the dependency: has a user name or password");
    assertRefused(
        () ->
            new ResolvedDependency(
                Role.DATASET,
                "d",
                Optional.empty(),
                new Digest(HashAlgorithm.BLAKE3, "ab".repeat(32)),
                Optional.empty()),
        "a root digest is one of SHA-256");
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static void assertRefused(Attempt attempt, String message) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("verysecret");
  }

  @Test
  void refusesAModelThatWasVerifiedInPart() throws Exception {
    VerifiedModel part = CardModel.named("m").file("a", "x").verify("a");
    SlsaProvenance provenance = given().build();

    assertThatThrownBy(() -> provenance.about(part))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("verified in part");
  }
}

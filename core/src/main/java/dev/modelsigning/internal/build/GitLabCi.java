package dev.modelsigning.internal.build;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A job of GitLab CI, by the build type of GitLab Runner (its file PROVENANCE.md). */
final class GitLabCi {

  /** The variable that is true in a job. */
  static final String MARK = "GITLAB_CI";

  private static final Pattern VERSION = Pattern.compile("\\d{1,5}\\.\\d{1,5}\\.\\d{1,5}");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_/-]{1,100}");

  private GitLabCi() {}

  static BuildRun run(BuildVariables variables) {
    String project = variables.address("CI_PROJECT_URL");
    String commit =
        variables.matching("CI_COMMIT_SHA", GitHubActions.COMMIT, "the hash of a commit");
    String ref = ref(variables);
    String job = variables.required("CI_JOB_NAME");
    String id = number("CI_JOB_ID", variables);
    String address = variables.address("CI_JOB_URL");
    String runner = number("CI_RUNNER_ID", variables);
    String version =
        variables.matching("CI_RUNNER_VERSION", VERSION, "the version of a released runner");
    Optional<String> architecture =
        variables.optionalMatching("CI_RUNNER_EXECUTABLE_ARCH", WORD, "an architecture");
    Map<String, String> read = new LinkedHashMap<>();
    read.put("CI_COMMIT_REF_NAME", variables.required("CI_COMMIT_REF_NAME"));
    read.put("CI_PIPELINE_ID", number("CI_PIPELINE_ID", variables));
    read.put("CI_PIPELINE_SOURCE", variables.matching("CI_PIPELINE_SOURCE", WORD, "a word"));
    variables
        .optional("CI_CONFIG_PATH")
        .ifPresent(path -> read.put("CI_CONFIG_PATH", requireWithoutQuery(path)));
    return new BuildRun(
        "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v" + version + "/PROVENANCE.md",
        project + "/-/runners/" + runner,
        json ->
            json.string("source", project)
                .string("entryPoint", job)
                .object("variables", one -> read.forEach(one::string)),
        Optional.of(json -> {
          architecture.ifPresent(name -> json.string("architecture", name));
          json.string("job", id);
        }),
        Optional.of(
            new BuildRun.Source("git+" + project + "@" + BuildVariables.inPath(ref), commit)),
        Optional.of(address),
        started(variables),
        Optional.empty());
  }

  /** The query of an address can have a token in it, which is neither published nor shown. */
  private static String requireWithoutQuery(String path) {
    if (path.contains("://") && (path.contains("?") || path.contains("#"))) {
      throw new IllegalArgumentException(
          "environment: CI_CONFIG_PATH: expected a path, or an address without a query, found one"
              + " with a query (not shown, as a token may be in it)");
    }
    return path;
  }

  private static String number(String name, BuildVariables variables) {
    return variables.matching(name, GitHubActions.NUMBER, "a number");
  }

  private static String ref(BuildVariables variables) {
    Optional<String> request = variables.optional("CI_MERGE_REQUEST_REF_PATH");
    if (request.isPresent()) {
      return request.get();
    }
    Optional<String> tag = variables.optional("CI_COMMIT_TAG");
    return tag.isPresent()
        ? "refs/tags/" + tag.get()
        : "refs/heads/" + variables.required("CI_COMMIT_REF_NAME");
  }

  private static Optional<Instant> started(BuildVariables variables) {
    String name = "CI_JOB_STARTED_AT";
    Optional<String> value = variables.optional(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(value.get()).toInstant());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          BuildVariables.problem(name, "a time (RFC 3339)", value.get()), e);
    }
  }
}

package dev.modelsigning.internal.build;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A run of a workflow of GitHub Actions, by the build type that GitHub documents at {@link
 * #BUILD_TYPE}.
 */
final class GitHubActions {

  /** The variable that is true in a job. */
  static final String MARK = "GITHUB_ACTIONS";

  static final String BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1";

  static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");
  private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+");
  private static final Pattern REF = Pattern.compile("refs/.+");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_-]{1,100}");

  private GitHubActions() {}

  static BuildRun run(BuildVariables variables) {
    String server = variables.address("GITHUB_SERVER_URL");
    String name =
        variables.matching("GITHUB_REPOSITORY", REPOSITORY, "a repository such as owner/name");
    String ref = variables.matching("GITHUB_REF", REF, "a git reference that begins with refs/");
    String commit = variables.matching("GITHUB_SHA", COMMIT, "the hash of a commit");
    String workflow = variables.required("GITHUB_WORKFLOW_REF");
    String path = path(workflow, name, ref);
    String event = variables.matching("GITHUB_EVENT_NAME", WORD, "the name of an event");
    String repositoryId = variables.matching("GITHUB_REPOSITORY_ID", NUMBER, "a number");
    String ownerId = variables.matching("GITHUB_REPOSITORY_OWNER_ID", NUMBER, "a number");
    Optional<String> runner =
        variables.optionalMatching("RUNNER_ENVIRONMENT", WORD, "github-hosted or self-hosted");
    String run = variables.matching("GITHUB_RUN_ID", NUMBER, "a number");
    String attempt = variables.matching("GITHUB_RUN_ATTEMPT", NUMBER, "a number");
    String repository = server + "/" + name;
    return new BuildRun(
        BUILD_TYPE,
        // The workflow that writes the provenance. Of a called workflow only a token knows.
        repository + "/" + BuildVariables.inPath(path) + "@" + BuildVariables.inPath(ref),
        json ->
            json.object(
                "workflow",
                one ->
                    one.string("ref", ref).string("repository", repository).string("path", path)),
        Optional.of(json ->
            json.object(
                "github",
                one -> {
                  one.string("event_name", event)
                      .string("repository_id", repositoryId)
                      .string("repository_owner_id", ownerId);
                  runner.ifPresent(kind -> one.string("runner_environment", kind));
                })),
        Optional.of(
            new BuildRun.Source("git+" + repository + "@" + BuildVariables.inPath(ref), commit)),
        Optional.of(repository + "/actions/runs/" + run + "/attempts/" + attempt),
        Optional.empty(),
        Optional.empty());
  }

  /** The file of the workflow: both its path and the reference may contain {@code @}. */
  private static String path(String workflow, String repository, String ref) {
    String start = repository + "/";
    String end = "@" + ref;
    if (!workflow.startsWith(start)
        || !workflow.endsWith(end)
        || workflow.length() <= start.length() + end.length()) {
      throw BuildVariables.malformed(
          "GITHUB_WORKFLOW_REF",
          "a workflow of the repository at its reference, such as " + start + "FILE" + end,
          workflow);
    }
    return workflow.substring(start.length(), workflow.length() - end.length());
  }
}

package dev.modelsigning.internal.build;

import dev.modelsigning.internal.json.JsonWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run of a build, as SLSA provenance describes it.
 *
 * @param buildType how the parameters are to be read, a URI
 * @param builderId who ran it, a URI
 * @param externalParameters writes the parameters under external control
 * @param internalParameters writes the parameters of the platform
 * @param source the commit that was built
 * @param invocationId identifies the run
 * @param startedOn when it began
 * @param finishedOn when it ended
 */
public record BuildRun(
    String buildType,
    String builderId,
    JsonWriter.Content externalParameters,
    Optional<JsonWriter.Content> internalParameters,
    Optional<Source> source,
    Optional<String> invocationId,
    Optional<Instant> startedOn,
    Optional<Instant> finishedOn) {

  /**
   * A commit.
   *
   * @param uri where it is (SPDX Download Location)
   * @param commit its hash in hexadecimal
   */
  public record Source(String uri, String commit) {}

  /**
   * The run of this environment; empty if it is that of no platform that is known.
   *
   * @throws IllegalArgumentException if a variable is missing or malformed
   */
  public static Optional<BuildRun> of(Map<String, String> environment) {
    boolean gitHub = "true".equals(environment.get(GitHubActions.MARK));
    boolean gitLab = "true".equals(environment.get(GitLabCi.MARK));
    if (gitHub && gitLab) {
      throw new IllegalArgumentException(
          "environment: both " + GitHubActions.MARK + " and " + GitLabCi.MARK + " are true");
    }
    BuildVariables variables = new BuildVariables(environment);
    if (gitHub) {
      return Optional.of(GitHubActions.run(variables));
    }
    return gitLab ? Optional.of(GitLabCi.run(variables)) : Optional.empty();
  }

  /** A run from given values. */
  public static BuildRun given(String builderId, String buildType, Map<String, String> parameters) {
    Map<String, String> sorted = new TreeMap<>(parameters);
    return new BuildRun(
        buildType,
        builderId,
        json -> sorted.forEach(json::string),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with the values that are not null. */
  public BuildRun with(
      @Nullable String builder,
      @Nullable String invocation,
      @Nullable Instant started,
      @Nullable Instant finished) {
    return new BuildRun(
        buildType,
        builder == null ? builderId : builder,
        externalParameters,
        internalParameters,
        source,
        invocation == null ? invocationId : Optional.of(invocation),
        started == null ? startedOn : Optional.of(started),
        finished == null ? finishedOn : Optional.of(finished));
  }
}

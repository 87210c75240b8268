package dev.modelsigning.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where a release comes from: SLSA provenance v1 in an in-toto statement v1, without times. */
final class Provenance {

  /** Described in docs/release.md. */
  private static final String BUILD_TYPE = "https://modelsigning.dev/release/maven/v1";

  private static final String LOCAL_BUILDER = "https://modelsigning.dev/release/local";

  private final Settings settings;
  private final Commit commit;

  /** The variables of GitHub Actions; empty if it is not what builds. */
  private final Map<String, String> workflow;

  Provenance(Settings settings, Commit commit, Map<String, String> environment) {
    this.settings = settings;
    this.commit = commit;
    this.workflow = "true".equals(environment.get("GITHUB_ACTIONS")) ? environment : Map.of();
  }

  /**
   * The statement as JSON.
   *
   * @param subjects the digests of all files by their names
   * @param materials see {@link Materials#read}
   */
  String statement(
      SortedMap<String, String> subjects, SortedMap<String, Map<String, Object>> materials) {
    List<Object> files = new ArrayList<>();
    subjects.forEach(
        (name, digest) -> files.add(Map.of("name", name, "digest", Map.of("sha256", digest))));
    Map<String, Object> definition =
        Map.of(
            "buildType",
            BUILD_TYPE,
            "externalParameters",
            externalParameters(),
            "internalParameters",
            internalParameters(),
            "resolvedDependencies",
            dependencies(materials));
    return JsonText.write(
        Map.of(
            "_type",
            "https://in-toto.io/Statement/v1",
            "predicateType",
            "https://slsa.dev/provenance/v1",
            "subject",
            files,
            "predicate",
            Map.of("buildDefinition", definition, "runDetails", runDetails())));
  }

  private List<Object> dependencies(SortedMap<String, Map<String, Object>> materials) {
    List<Object> dependencies = new ArrayList<>();
    if (commit.isKnown()) {
      Map<String, Object> source = new TreeMap<>();
      source.put("name", "source");
      source.put("digest", Map.of("gitCommit", commit.hash()));
      if (!repository().isEmpty()) {
        source.put("uri", "git+" + repository());
      }
      if (!commit.isExact()) {
        source.put("annotations", Map.of("changes", "built with changes that are in no commit"));
      }
      dependencies.add(source);
    }
    dependencies.addAll(materials.values());
    return dependencies;
  }

  private Map<String, Object> externalParameters() {
    Map<String, Object> external = new TreeMap<>();
    external.put("command", "mvn -Prelease");
    external.put("version", settings.version());
    if (!repository().isEmpty()) {
      external.put("source", repository());
    }
    return external;
  }

  private Map<String, Object> internalParameters() {
    return Map.of(
        "java",
        System.getProperty("java.vendor") + " " + Runtime.version(),
        "maven",
        settings.maven(),
        "signedBy",
        settings.keyless() ? "identity" : settings.isTrial() ? "temporary key, of a trial" : "key",
        "system",
        System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  private Map<String, Object> runDetails() {
    if (workflow.isEmpty()) {
      return Map.of("builder", Map.of("id", LOCAL_BUILDER));
    }
    return Map.of(
        "builder",
        Map.of("id", variable("GITHUB_SERVER_URL") + "/" + variable("GITHUB_WORKFLOW_REF")),
        "metadata",
        Map.of(
            "invocationId",
            onServer()
                + "/actions/runs/"
                + variable("GITHUB_RUN_ID")
                + "/attempts/"
                + variable("GITHUB_RUN_ATTEMPT")));
  }

  private String repository() {
    boolean known = settings.repository().isEmpty() && !variable("GITHUB_SERVER_URL").isEmpty();
    return known ? onServer() : settings.repository();
  }

  private String onServer() {
    return variable("GITHUB_SERVER_URL") + "/" + variable("GITHUB_REPOSITORY");
  }

  private String variable(String name) {
    return workflow.getOrDefault(name, "");
  }
}

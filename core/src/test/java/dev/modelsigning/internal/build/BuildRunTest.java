package dev.modelsigning.internal.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who ran a build, as the environment says it; no two builders have the same name. */
class BuildRunTest {

  private static final String REPOSITORY = "octocat/hello-world";

  private static String builder(String path, String ref) {
    return BuildRun.of(
            Map.ofEntries(
                Map.entry("GITHUB_ACTIONS", "true"),
                Map.entry("GITHUB_SERVER_URL", "https://github.com"),
                Map.entry("GITHUB_REPOSITORY", REPOSITORY),
                Map.entry("GITHUB_REF", ref),
                Map.entry("GITHUB_SHA", "c27d339ee6075c1f744c5d4b200f7901aad2c369"),
                Map.entry("GITHUB_WORKFLOW_REF", REPOSITORY + "/" + path + "@" + ref),
                Map.entry("GITHUB_EVENT_NAME", "push"),
                Map.entry("GITHUB_REPOSITORY_ID", "1"),
                Map.entry("GITHUB_REPOSITORY_OWNER_ID", "2"),
                Map.entry("GITHUB_RUN_ID", "3"),
                Map.entry("GITHUB_RUN_ATTEMPT", "1")))
        .orElseThrow()
        .builderId();
  }

  /** As GitHub itself writes it, except for an at sign, which it leaves as it is. */
  @ParameterizedTest
  @CsvSource({
    ".github/workflows/train.yml, refs/heads/main, .github/workflows/train.yml@refs/heads/main",
    "w.yml, refs/tags/v1.2.0+cu12, w.yml@refs/tags/v1.2.0+cu12",
    "w.yml, refs/pull/7/merge, w.yml@refs/pull/7/merge",
    "w.yml, refs/heads/fix-#7, w.yml@refs/heads/fix-%237",
    "w.yml, refs/tags/@scope/name@1.0.0, w.yml@refs/tags/%40scope/name%401.0.0",
    "a@b.yml, refs/heads/a%40b, a%40b.yml@refs/heads/a%2540b",
  })
  void namesTheWorkflowThatRuns(String path, String ref, String builder) {
    assertThat(builder(path, ref)).isEqualTo("https://github.com/" + REPOSITORY + "/" + builder);
  }

  /** Whoever can name a branch must not be able to look like another branch or file. */
  @Test
  void neverTakesOneBranchForAnother() {
    Set<String> builders = new TreeSet<>();
    builders.add(builder("w.yml", "refs/heads/main"));
    builders.add(builder("w.yml", "refs/heads/x@refs/heads/main"));
    builders.add(builder("w.yml@refs/heads/x", "refs/heads/main"));
    builders.add(builder("w.yml", "refs/heads/x%40refs/heads/main"));

    assertThat(builders).hasSize(4).allMatch(builder -> builder.split("@", -1).length == 2);
  }
}

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes the commit that is being built to a file, for {@code --version}: from git, or from an archive that git made of a commit, or none. The build runs it from source. Builds of the same commit write the same file.
 */
final class Commit {

  private static final String COMMIT = "[0-9a-f]{40}([0-9a-f]{24})?";

  private Commit() {}

  /**
   * Writes the file.
   *
   * @param args the top directory of the checkout, the file with the commit of an archive, the file to write
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path checkout = Path.of(args[0]).toRealPath();
    Path output = Path.of(args[2]);
    Files.createDirectories(output.getParent());
    String commit =
        ofGit(checkout)
            .or(() -> Optional.of(ofArchive(Path.of(args[1]))))
            .filter(each -> each.matches(COMMIT + "( with changes)?"))
            .orElse("");
    Files.writeString(output, commit + "\n");
  }

  /** The commit of the working tree, if this directory is the top of it and not a copy inside another one. */
  private static Optional<String> ofGit(Path checkout) throws IOException, InterruptedException {
    Optional<String> top = git(checkout, "rev-parse", "--show-toplevel");
    if (top.isEmpty() || !Path.of(top.get()).toRealPath().equals(checkout)) {
      return Optional.empty();
    }
    Optional<String> commit = git(checkout, "rev-parse", "--verify", "HEAD");
    // Only changes of what is built; untracked files count too.
    Optional<String> changes =
        git(
            checkout,
            "status",
            "--porcelain",
            "--",
            "LICENSE",
            ".mvn",
            "pom.xml",
            ":(glob)*/pom.xml",
            ":(glob)*/src/main/**");
    return changes.isEmpty()
        ? Optional.empty()
        : commit.map(each -> changes.get().isEmpty() ? each : each + " with changes");
  }

  /** The output of a git command; empty if there is no git, or it fails here. */
  private static Optional<String> git(Path checkout, String... words)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("git", "--no-optional-locks");
    builder.command().addAll(List.of(words));
    builder.directory(checkout.toFile());
    // In a git hook these variables would select another repository.
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Optional.empty(); // git is not installed
    }
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? Optional.of(printed.strip()) : Optional.empty();
  }

  private static String ofArchive(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}

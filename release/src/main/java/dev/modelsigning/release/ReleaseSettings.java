package dev.modelsigning.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses, before anything is built, settings that no release can be made with. The build runs it
 * from its source, as nothing is compiled yet, so it uses no other class of ours.
 */
public final class ReleaseSettings {

  /** How far the time in the archives may be from that of the commit. */
  private static final Duration TOLERANCE = Duration.ofDays(31);

  private ReleaseSettings() {}

  /**
   * Checks the settings, and ends with the status 1 if one is refused.
   *
   * @param args the top directory of the checkout, and settings as {@code name=value}: version,
   *     time, key, keyless, trustConfig
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Optional<String> problem = problem(Path.of(args[0]), args);
    if (problem.isPresent()) {
      System.err.println("release: error: " + problem.get());
      System.exit(1);
    }
  }

  /** Why these settings are refused; empty if they are not. */
  static Optional<String> problem(Path checkout, String... args)
      throws IOException, InterruptedException {
    String version = setting(args, "version");
    String key = setting(args, "key");
    String keyless = setting(args, "keyless");
    String trustConfig = setting(args, "trustConfig");

    if (!keyless.isEmpty() && !keyless.equals("true") && !keyless.equals("false")) {
      return Optional.of("-Dmodelsigning.releaseKeyless must be true or false, found " + keyless);
    }
    boolean isKeyless = keyless.equals("true");
    if (!key.isEmpty() && isKeyless) {
      return Optional.of(
          "-Dmodelsigning.releaseKey and -Dmodelsigning.releaseKeyless exclude each other");
    }
    if (!trustConfig.isEmpty() && !isKeyless) {
      return Optional.of(
          "-Dmodelsigning.releaseTrustConfig is of use with -Dmodelsigning.releaseKeyless=true"
              + " only");
    }
    // Everything but the name of a file is a URI, which is opened when it is needed.
    boolean isFile = !key.isEmpty() && !key.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
    if (isFile && isUnreadable(checkout.resolve(key))) {
      return Optional.of(
          "-Dmodelsigning.releaseKey: no file " + checkout.resolve(key) + " that can be read");
    }
    if (!trustConfig.isEmpty() && isUnreadable(checkout.resolve(trustConfig))) {
      return Optional.of(
          "-Dmodelsigning.releaseTrustConfig: no file "
              + checkout.resolve(trustConfig)
              + " that can be read");
    }
    boolean isSnapshot = version.endsWith("-SNAPSHOT");
    if (!isSnapshot && key.isEmpty() && !isKeyless) {
      return Optional.of(
          "a release of version "
              + version
              + " must be signed by its publisher: give -Dmodelsigning.releaseKey=FILE, a private"
              + " key in PEM or a URI such as pkcs11:..., or -Dmodelsigning.releaseKeyless=true."
              + " Only the release of a -SNAPSHOT, which is a trial, is signed with a temporary"
              + " key");
    }

    Path bom = checkout.resolve("bom/pom.xml");
    Matcher found = Pattern.compile("<version>([^<]*)</version>").matcher(Files.readString(bom));
    if (!found.find() || !found.group(1).equals(version)) {
      return Optional.of(
          bom + ": expected version " + version + ", which is that of the other modules");
    }
    return isSnapshot ? Optional.empty() : problemWithTime(checkout, setting(args, "time"));
  }

  /**
   * The time of all entries in archives is set by hand, and shown to users as the time of the
   * release. Compared with the commit and not with now, as an old release can be built again.
   */
  private static Optional<String> problemWithTime(Path checkout, String text)
      throws IOException, InterruptedException {
    Instant time;
    try {
      time = Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Optional.of("project.build.outputTimestamp: expected a time in UTC, found " + text);
    }
    Instant committed = commitTime(checkout);
    if (committed.equals(Instant.EPOCH)) {
      return Optional.of(
          "project.build.outputTimestamp: cannot be compared with the commit, as git finds none in "
              + checkout);
    }
    return Duration.between(time, committed).abs().compareTo(TOLERANCE) > 0
        ? Optional.of(
            "project.build.outputTimestamp: expected a time within "
                + TOLERANCE.toDays()
                + " days of the commit of "
                + committed
                + ", found "
                + time
                + "; set it in pom.xml to the day of the release")
        : Optional.empty();
  }

  /** When the commit was made that is checked out; the epoch if git finds none. */
  private static Instant commitTime(Path checkout) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("git", "--no-optional-locks", "log", "-1", "--format=%ct")
            .directory(checkout.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process git;
    try {
      git = builder.start();
    } catch (IOException e) {
      return Instant.EPOCH; // there is no git
    }
    git.getOutputStream().close();
    String printed =
        new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return git.waitFor() == 0 && printed.matches("[0-9]{1,12}")
        ? Instant.ofEpochSecond(Long.parseLong(printed))
        : Instant.EPOCH;
  }

  private static boolean isUnreadable(Path file) {
    return !Files.isRegularFile(file) || !Files.isReadable(file);
  }

  private static String setting(String[] args, String name) {
    for (String each : args) {
      if (each.startsWith(name + "=")) {
        return each.substring(name.length() + 1);
      }
    }
    throw new IllegalArgumentException("no setting " + name);
  }
}

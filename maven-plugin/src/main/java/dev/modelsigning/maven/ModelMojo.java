package dev.modelsigning.maven;

import dev.modelsigning.manifest.Reading;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.BuildLog;
import dev.modelsigning.maven.build.Places;
import dev.modelsigning.maven.build.ServerPasswords;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrittenFiles;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.maven.method.CertificateMethod;
import dev.modelsigning.maven.method.KeyMethod;
import dev.modelsigning.maven.method.SigningMethod;
import dev.modelsigning.maven.method.SigstoreMethod;
import dev.modelsigning.report.FailureReason;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/** The common part of both goals: the model, how it is read, and the method. */
abstract sealed class ModelMojo extends AbstractMojo permits SignMojo, VerifyMojo {

  /**
   * Skips the goal, with a warning. Nothing else does: no property for tests, and nothing that is
   * missing.
   */
  @Parameter(property = "model-signing.skip", defaultValue = "false")
  private @Nullable String skip;

  /** The model: a directory or a file. */
  @Parameter private @Nullable File model;

  /** The signature file. */
  @Parameter private @Nullable File signature;

  /**
   * Paths to leave out, with all below them: relative to the model, or absolute. There are no
   * patterns.
   */
  @Parameter private @Nullable List<String> ignorePaths;

  /** Whether to leave out .git, .gitattributes, .github and .gitignore at the top of the model. */
  @Parameter(defaultValue = "true")
  private @Nullable String ignoreGitPaths;

  /**
   * When signing, whether to sign symbolic links to files as what they lead to (default: they are
   * refused). When verifying, the signature says whether they are allowed, and false refuses them
   * all the same.
   */
  @Parameter private @Nullable String allowSymlinks;

  /** The greatest number of threads that hash. Default: the number of processors. */
  @Parameter private @Nullable Integer jobs;

  /** The method key: a key pair. */
  @Parameter private @Nullable KeyMethod key;

  /** The method certificate: a private key with an X.509 certificate. */
  @Parameter private @Nullable CertificateMethod certificate;

  /** The method sigstore: keyless signatures, by an identity. */
  @Parameter private @Nullable SigstoreMethod sigstore;

  @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
  private @Nullable MojoExecution execution;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private @Nullable MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private @Nullable MavenSession session;

  private final SettingsDecrypter decrypter;

  ModelMojo(SettingsDecrypter decrypter) {
    this.decrypter = decrypter;
  }

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    BuildLog log = new BuildLog(getLog());
    try {
      new ConfigurationCheck(session(), execution()).require(session().getUserProperties());
      if (Values.flag("skip", skip, false)) {
        log.warning("skipped by <skip> or -Dmodel-signing.skip: " + skipped());
        return;
      }
      run(
          new Build(
              project().getBasedir().toPath(),
              session().isOffline(),
              System.getenv(),
              new ServerPasswords(session().getSettings(), decrypter),
              log));
    } catch (IOException | SigningException | UnusableTrustException e) {
      log.trace(e);
      throw failure(e);
    } catch (RuntimeException e) {
      log.trace(e);
      // Without its cause, whose message Maven would print unescaped.
      throw new MojoExecutionException(
          BuildLog.safe("internal error, please report it with what 'mvn -X' prints: " + e));
    }
  }

  /** The consequence of skipping the goal, for the warning. */
  abstract String skipped();

  /** Executes the goal. */
  abstract void run(Build build)
      throws IOException,
          SigningException,
          UnusableTrustException,
          MojoExecutionException,
          MojoFailureException;

  /** A failure in one line: the code of its reason, what is wrong, what to do. */
  static MojoFailureException failure(Exception e) {
    return FailureReason.of(e)
        .map(reason ->
            new MojoFailureException(
                BuildLog.safe(reason.rule().code() + ": " + reason.message())
                    + "; "
                    + BuildLog.inWordsOfThePlugin(reason.rule().help())))
        .orElseThrow(() -> new IllegalStateException("a failure without a reason", e));
  }

  /**
   * The configured method.
   *
   * @param choices what there is to give, for the message if there is none
   */
  final SigningMethod method(String choices) throws WrongParameterException {
    List<SigningMethod> given = methods();
    if (given.size() != 1) {
      throw new WrongParameterException(
          given.isEmpty()
              ? "no method is configured; give " + choices
              : "several methods are configured; give one of <key>, <certificate> and <sigstore>,"
                  + " in an execution for each");
    }
    return given.get(0);
  }

  /** Refuses a method beside a policy, whose signers are in the policy. */
  final void requireNoMethod() throws WrongParameterException {
    if (!methods().isEmpty()) {
      throw new WrongParameterException(
          "policy",
          "excludes <key>, <certificate> and <sigstore>: the policy says who must have signed;"
              + " give it in an execution of its own");
    }
  }

  private List<SigningMethod> methods() {
    return Stream.<@Nullable SigningMethod>of(key, certificate, sigstore)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  /** The model as configured. */
  final Optional<Path> model() {
    return Optional.ofNullable(model).map(File::toPath);
  }

  /** The signature file as configured. */
  final Optional<Path> signature() {
    return Optional.ofNullable(signature).map(File::toPath);
  }

  /** Whether links are followed; empty if it is not configured. */
  final Optional<Boolean> allowSymlinks() throws WrongParameterException {
    return allowSymlinks == null
        ? Optional.empty()
        : Optional.of(Values.flag("allowSymlinks", allowSymlinks, false));
  }

  /** Whether paths to leave out are configured. */
  final boolean hasIgnorePaths() {
    return ignorePaths != null && !ignorePaths.isEmpty();
  }

  /** Whether git paths are left out. */
  final boolean ignoresGitPaths() throws WrongParameterException {
    return Values.flag("ignoreGitPaths", ignoreGitPaths, true);
  }

  /** The settings for reading the model, except for links. */
  final Reading reading(Path place) throws IOException, WrongParameterException {
    Reading reading = Reading.withDefaults().ignoreGitPaths(ignoresGitPaths());
    if (jobs != null) {
      if (jobs < 1) {
        throw new WrongParameterException("jobs", "expected at least 1, found " + jobs);
      }
      reading = reading.parallelism(jobs);
    }
    List<String> names =
        Places.inModel("ignorePaths", Values.list("ignorePaths", ignorePaths), place);
    for (String name : names) {
      try {
        reading = reading.ignorePath(name);
      } catch (IllegalArgumentException e) {
        throw new WrongParameterException("ignorePaths", String.valueOf(e.getMessage()));
      }
    }
    return reading;
  }

  /** Registers a file that this execution writes, by one of its parameters. */
  final void claim(String parameter, Path file) throws IOException, WrongParameterException {
    String owner =
        execution().getGoal()
            + " ("
            + execution().getExecutionId()
            + ") @ "
            + project().getArtifactId()
            + " <"
            + parameter
            + ">";
    WrittenFiles.of(session().getRequest()).claim(parameter, file, owner);
  }

  final MavenProject project() {
    return Objects.requireNonNull(project);
  }

  final MavenSession session() {
    return Objects.requireNonNull(session);
  }

  private MojoExecution execution() {
    return Objects.requireNonNull(execution);
  }
}

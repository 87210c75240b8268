package dev.modelsigning.maven;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.BuildLog;
import dev.modelsigning.maven.build.OutputFile;
import dev.modelsigning.maven.build.Places;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.maven.method.SigningMethod;
import dev.modelsigning.policy.ModelRequest;
import dev.modelsigning.policy.report.PolicyReport;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactTypeRegistry;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a model, and fails the build if it is not what its signer signed, or a policy refuses
 * it.
 */
@Mojo(name = "verify", defaultPhase = LifecyclePhase.VERIFY, threadSafe = true)
public final class VerifyMojo extends ModelMojo {

  /**
   * The model as an artifact, in place of {@code model}: the file that Maven resolves, as it is,
   * and not what is in it.
   */
  @Parameter private @Nullable Coordinates artifact;

  /**
   * The signature as an artifact, in place of {@code signature}. Default for a model that is an
   * artifact: the same coordinates with {@code .sig} behind the type.
   */
  @Parameter private @Nullable Coordinates signatureArtifact;

  /** Whether files that are not signed are reported only, in place of failing the build. */
  @Parameter(defaultValue = "false")
  private @Nullable String ignoreUnsignedFiles;

  /**
   * Whether everything must be signed but the signature file and {@code ignorePaths}: what the
   * signer left out, git paths and empty files under shards fail, and so does a manifest that is
   * not in code point order.
   */
  @Parameter(defaultValue = "false")
  private @Nullable String strict;

  /**
   * Hash only these files, or all below these directories, relative to the model. The verdict says
   * that it is partial, as a warning.
   */
  @Parameter private @Nullable List<String> only;

  /**
   * The policy that decides (docs/policy.md), in place of a method. The model has to lie below its
   * directory, or below policyRoot.
   */
  @Parameter private @Nullable File policy;

  /**
   * The directory that models are named below, for the policy: patterns are compared with the path
   * of the model below it. Default: the directory of the policy.
   */
  @Parameter private @Nullable File policyRoot;

  /**
   * Signature files, for the policy, in place of signature. Default: *.sig and *.sigstore.json, in
   * the model or beside it.
   */
  @Parameter private @Nullable List<File> signatures;

  /** Accepts only the policy with this digest: sha256: and 64 hexadecimal digits. */
  @Parameter private @Nullable String policyDigest;

  /**
   * Files with attestations, for the policy. Default: claims.jsonl and *.sigstore.json, in the
   * model or beside it.
   */
  @Parameter private @Nullable List<File> claims;

  /** Writes the verdict into this file as SARIF 2.1.0, whichever it is. */
  @Parameter(property = "model-signing.sarif")
  private @Nullable File sarifFile;

  /** Writes the verdict into this file as JSON (docs/json.md), whichever it is. */
  @Parameter(property = "model-signing.verdict")
  private @Nullable File verdictFile;

  private final RepositorySystem repositories;

  /** Called by Maven, which injects its components. */
  @Inject
  public VerifyMojo(SettingsDecrypter decrypter, RepositorySystem repositories) {
    super(decrypter);
    this.repositories = repositories;
  }

  @Override
  String skipped() {
    return "the model is NOT verified";
  }

  @Override
  void run(Build build)
      throws IOException,
          SigningException,
          UnusableTrustException,
          MojoExecutionException,
          MojoFailureException {
    if (policy == null) {
      requirePolicy("policyDigest", policyDigest != null);
      requirePolicy("policyRoot", policyRoot != null);
      requirePolicy("signatures", signatures != null);
      requirePolicy("claims", claims != null);
      verifyByMethod(build);
    } else {
      verifyByPolicy(policy.toPath(), build);
    }
  }

  private static void requirePolicy(String parameter, boolean given)
      throws WrongParameterException {
    if (given) {
      throw new WrongParameterException(parameter, "is for a <policy>, and there is none");
    }
  }

  private void verifyByPolicy(Path file, Build build)
      throws IOException, WrongParameterException, MojoFailureException {
    requireNoMethod();
    requireNoneBesidePolicy();
    Path model = Values.required("model", model().orElse(null), "what the policy is to decide on");
    PolicyVerification verification =
        new PolicyVerification(
            file,
            Optional.ofNullable(policyDigest),
            Optional.ofNullable(policyRoot).map(File::toPath),
            build);
    List<Path> signed = signatures();
    List<Path> stated = Values.files("claims", claims);
    List<Path> inputs = new ArrayList<>(List.of(file));
    inputs.addAll(signed);
    inputs.addAll(stated);
    List<OutputFile> sarif = outputs("sarifFile", sarifFile, inputs);
    List<OutputFile> json = outputs("verdictFile", verdictFile, inputs);
    PolicyReport report =
        verification.examine(
            ModelRequest.of(model).signatures(signed).claims(stated).reading(reading(model)));
    for (OutputFile output : sarif) {
      output.write(out -> report.writeSarif(OptionalInt.empty(), out));
    }
    for (OutputFile output : json) {
      output.write(report::writeJson);
    }
    verification.report(model, report);
  }

  private List<Path> signatures() throws WrongParameterException {
    if (signatures == null) {
      return signature().stream().toList();
    }
    if (signature().isPresent()) {
      throw new WrongParameterException("signatures", "excludes <signature>; name all in one");
    }
    return Values.files("signatures", signatures);
  }

  /** Refuses what says the same as a policy, and would seem to add to it. */
  private void requireNoneBesidePolicy() throws WrongParameterException {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("artifact", artifact != null);
    given.put("signatureArtifact", signatureArtifact != null);
    given.put("only", only != null && !only.isEmpty());
    given.put("strict", Values.flag("strict", strict, false));
    given.put(
        "ignoreUnsignedFiles", Values.flag("ignoreUnsignedFiles", ignoreUnsignedFiles, false));
    given.put("allowSymlinks", allowSymlinks().isPresent());
    given.put("ignorePaths", hasIgnorePaths());
    given.put("ignoreGitPaths", !ignoresGitPaths());
    for (Map.Entry<String, Boolean> each : given.entrySet()) {
      if (each.getValue()) {
        throw new WrongParameterException(
            each.getKey(),
            "excludes <policy>, which decides on files below its directory and says what must be"
                + " signed");
      }
    }
  }

  private void verifyByMethod(Build build)
      throws IOException,
          SigningException,
          UnusableTrustException,
          MojoExecutionException,
          MojoFailureException {
    SigningMethod method = method("one of <key>, <certificate> and <sigstore>, or a <policy>");
    if (model().isPresent() == (artifact != null)) {
      throw new WrongParameterException(
          "model", "say what to verify, with either <model> or <artifact>");
    }
    if (signature().isPresent() && signatureArtifact != null) {
      throw new WrongParameterException("signature", "excludes <signatureArtifact>");
    }
    if (artifact == null && signature().isEmpty() && signatureArtifact == null) {
      throw new WrongParameterException("signature", "is missing: the signature file");
    }
    List<Path> inputs = new ArrayList<>(method.inputs(build));
    signature().ifPresent(inputs::add);
    List<OutputFile> sarif = outputs("sarifFile", sarifFile, inputs);
    List<OutputFile> json = outputs("verdictFile", verdictFile, inputs);
    Verdict verdict = verdict(method, build);
    for (OutputFile file : sarif) {
      file.write(out -> verdict.writeSarif(out, OptionalInt.empty()));
    }
    for (OutputFile file : json) {
      file.write(out -> verdict.writeJson(out, false));
    }
    report(verdict, build.log());
  }

  private List<OutputFile> outputs(String parameter, @Nullable File file, List<Path> inputs)
      throws IOException, WrongParameterException {
    if (file == null) {
      return List.of();
    }
    List<Path> read = new ArrayList<>(inputs);
    read.add(project().getFile().toPath());
    OutputFile output = OutputFile.of(parameter, file.toPath(), model().orElse(null), read);
    claim(parameter, file.toPath());
    output.clear();
    return List.of(output);
  }

  private Verdict verdict(SigningMethod method, Build build)
      throws SigningException, MojoExecutionException {
    String location = model().map(Path::toString).orElse(String.valueOf(artifact));
    try {
      Optional<Artifact> resolved = resolvedModel();
      Path model = resolved.isPresent() ? resolved.get().getFile().toPath() : model().orElseThrow();
      location = model.toString();
      if (!Files.exists(model)) {
        throw new NoSuchFileException(location);
      }
      ModelVerifier verifier = verifier(method.verifier(build), model);
      return Verdict.of(verifier.examine(DirectorySource.of(model), signatureFile(resolved)));
    } catch (IOException | UnusableTrustException e) {
      build.log().trace(e);
      return Verdict.failed(location, e);
    }
  }

  private ModelVerifier verifier(BundleVerifier trust, Path model)
      throws IOException, WrongParameterException {
    Reading reading = reading(model);
    Optional<Boolean> links = allowSymlinks();
    if (links.isPresent() && !links.get()) {
      reading = reading.allowSymlinks(false);
    }
    boolean isStrict = Values.flag("strict", strict, false);
    boolean ignoreUnsigned = Values.flag("ignoreUnsignedFiles", ignoreUnsignedFiles, false);
    if (isStrict && ignoreUnsigned) {
      throw new WrongParameterException("strict", "excludes <ignoreUnsignedFiles>");
    }
    ModelVerifier.Builder builder =
        ModelVerifier.builder(trust)
            .reading(reading)
            .ignoreUnsignedFiles(ignoreUnsigned)
            .strict(isStrict)
            .inspector(ModelContents.INSTANCE);
    try {
      Places.inModel("only", Values.list("only", only), model).forEach(builder::only);
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new WrongParameterException("only", String.valueOf(e.getMessage()));
    }
  }

  private Optional<Artifact> resolvedModel() throws IOException, WrongParameterException {
    return artifact == null
        ? Optional.empty()
        : Optional.of(resolve(artifact.artifact("artifact", types())));
  }

  private Path signatureFile(Optional<Artifact> model) throws IOException, WrongParameterException {
    if (signature().isPresent()) {
      return signature().get();
    }
    Artifact wanted;
    if (signatureArtifact != null) {
      wanted = signatureArtifact.artifact("signatureArtifact", types());
    } else {
      Artifact signed = model.orElseThrow();
      wanted =
          new DefaultArtifact(
              signed.getGroupId(),
              signed.getArtifactId(),
              signed.getClassifier(),
              signed.getExtension() + ".sig",
              signed.getVersion());
    }
    return resolve(wanted).getFile().toPath();
  }

  private ArtifactTypeRegistry types() {
    return session().getRepositorySession().getArtifactTypeRegistry();
  }

  private Artifact resolve(Artifact artifact) throws IOException {
    ArtifactRequest request =
        new ArtifactRequest(artifact, project().getRemoteProjectRepositories(), null);
    try {
      return repositories.resolveArtifact(session().getRepositorySession(), request).getArtifact();
    } catch (ArtifactResolutionException e) {
      throw new IOException(artifact + " cannot be resolved: " + e.getMessage(), e);
    }
  }

  private static void report(Verdict verdict, BuildLog log) throws MojoFailureException {
    verdict.warnings().forEach(log::finding);
    if (verdict.isVerified()) {
      log.info(verdict.headline());
      verdict.lines().forEach(log::info);
      return;
    }
    Finding reason = verdict.reason().orElseThrow();
    log.error(reason.rule().code() + ": " + reason.message());
    verdict.lines().forEach(log::error);
    String advice =
        reason.rule().equals(Rules.IO_ERROR)
            ? "nothing was verified; have there what is missing, or correct the parameter"
            : verdict.advice().orElse(reason.rule().help());
    throw new MojoFailureException(
        BuildLog.safe(
            reason.rule().code()
                + ": "
                + verdict.model()
                + " is not verified: "
                + reason.message()
                + "; "
                + BuildLog.inWordsOfThePlugin(advice)));
  }
}

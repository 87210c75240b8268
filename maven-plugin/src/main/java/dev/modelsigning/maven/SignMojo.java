package dev.modelsigning.maven;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.BuildLog;
import dev.modelsigning.maven.build.Places;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.maven.method.SigningMethod;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.report.SigningReport;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProjectHelper;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/** Signs a model, and writes the signature file. */
@Mojo(name = "sign", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class SignMojo extends ModelMojo {

  /** The hash function: sha256, blake2b or blake3. The Python command line verifies sha256 only. */
  @Parameter(defaultValue = "sha256")
  private @Nullable String hashAlgorithm;

  /**
   * One digest for each range of this many bytes, in place of one for each file. The Python command
   * line does not verify shards.
   */
  @Parameter private @Nullable Long shardSize;

  /**
   * Whether to attach the signature to the project, so that it is installed and deployed: with the
   * type of the model and {@code .sig} behind it, as {@code verify} looks for the signature of an
   * artifact. The model has to be a file.
   */
  @Parameter(defaultValue = "false")
  private @Nullable String attach;

  /** The classifier of the attached signature: that of the model's artifact, if it has one. */
  @Parameter private @Nullable String attachClassifier;

  private final MavenProjectHelper projects;

  /** Called by Maven, which injects its components. */
  @Inject
  public SignMojo(SettingsDecrypter decrypter, MavenProjectHelper projects) {
    super(decrypter);
    this.projects = projects;
  }

  @Override
  String skipped() {
    return "nothing is signed";
  }

  @Override
  void run(Build build)
      throws IOException, SigningException, UnusableTrustException, MojoExecutionException {
    SigningMethod method = method("one of <key>, <certificate> and <sigstore>");
    Path model = Values.required("model", model().orElse(null), "the directory or file to sign");
    Path signature =
        Values.required("signature", signature().orElse(null), "the signature file to write");
    boolean attached = Values.flag("attach", attach, false);
    if (!Files.exists(model)) {
      throw new NoSuchFileException(model.toString());
    }
    if (attached && !Files.isRegularFile(model)) {
      throw new WrongParameterException(
          "attach", "needs a model that is a file, as an artifact is; " + model + " is none");
    }
    ModelHasher hasher = hasher(model);
    for (Path input : method.inputs(build)) {
      if (Places.isSame(signature, input)) {
        throw new WrongParameterException(
            "signature", signature + " is a key, a certificate or a password; choose another file");
      }
    }
    if (Places.isSame(signature, model)) {
      throw new WrongParameterException("signature", signature + " is the model itself");
    }
    claim("signature", signature);
    Path directory = signature.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    boolean replaced = Files.exists(signature);
    SignedModel signed =
        method.sign(
            build,
            signer ->
                ModelSigner.using(signer)
                    .withHasher(hasher)
                    .sign(DirectorySource.of(model), signature));
    report(SigningReport.of(model.toString(), signed, signature, replaced), build.log());
    if (attached) {
      attach(model, signature);
    }
  }

  private ModelHasher hasher(Path model) throws IOException, WrongParameterException {
    ModelHasher.Builder builder =
        ModelHasher.builder().reading(reading(model).allowSymlinks(allowSymlinks().orElse(false)));
    String name = Optional.ofNullable(hashAlgorithm).orElse(HashAlgorithm.SHA256.id());
    builder.hashAlgorithm(
        HashAlgorithm.of(name.toLowerCase(Locale.ROOT))
            .orElseThrow(() ->
                new WrongParameterException(
                    "hashAlgorithm", "expected sha256, blake2b or blake3, found " + name)));
    if (shardSize != null) {
      try {
        builder.shardSize(shardSize);
      } catch (IllegalArgumentException e) {
        throw new WrongParameterException("shardSize", String.valueOf(e.getMessage()));
      }
    }
    return builder.build();
  }

  private static void report(SigningReport report, BuildLog log) {
    log.info(report.headline());
    report.facts().lines().forEach(log::info);
    report.warnings().forEach(log::finding);
  }

  private void attach(Path model, Path signature) {
    String name = String.valueOf(model.getFileName());
    String extension = name.substring(name.lastIndexOf('.') + 1);
    projects.attachArtifact(project(), extension + ".sig", attachClassifier, signature.toFile());
  }
}

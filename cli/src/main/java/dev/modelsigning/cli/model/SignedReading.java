package dev.modelsigning.cli.model;

import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.local.KubernetesVolume;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is read that is verified against its signature. */
public final class SignedReading {

  @Option(
      names = "--allow-symlinks",
      negatable = true,
      fallbackValue = "true",
      description =
          "The signature says whether links to files are allowed; with --no-allow-symlinks they are"
              + " refused all the same.")
  private @Nullable Boolean allowSymlinks;

  @Option(
      names = "--kubernetes-volume",
      description =
          "The model is mounted as a ConfigMap, Secret or projected volume, so its files are links"
              + " through ..data; verify what they lead to inside of the volume.")
  private boolean kubernetesVolume;

  @Option(
      names = "--ignore-unsigned-files",
      negatable = true,
      fallbackValue = "true",
      description =
          "Report files that are not signed, and do not fail because of them. Default: they fail.")
  private @Nullable Boolean ignoreUnsignedFiles;

  /** Where a model is. */
  public ModelSource source(Path model) {
    return kubernetesVolume ? KubernetesVolume.at(model) : DirectorySource.of(model);
  }

  /** Whether a model is a volume of Kubernetes. */
  public boolean isVolume() {
    return kubernetesVolume;
  }

  /** Whether links may be followed where the signer allowed it. */
  public boolean mayFollowLinks() {
    return !Boolean.FALSE.equals(allowSymlinks);
  }

  /** The same settings, which refuse links if that was asked for. */
  public Reading of(Reading reading) {
    return mayFollowLinks() ? reading : reading.allowSymlinks(false);
  }

  /** Whether files that are not signed are no failure. */
  public boolean ignoresUnsignedFiles() {
    return Boolean.TRUE.equals(ignoreUnsignedFiles);
  }
}

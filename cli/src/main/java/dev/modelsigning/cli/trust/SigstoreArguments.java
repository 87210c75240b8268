package dev.modelsigning.cli.trust;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The Sigstore instance: the public one, its staging instance, or a private one. */
public final class SigstoreArguments {

  @Option(
      names = "--use-staging",
      negatable = true,
      fallbackValue = "true",
      description = "Use Sigstore's staging instance, for trials, in place of the public one.")
  private @Nullable Boolean staging;

  @Option(
      names = "--trust-config",
      paramLabel = "FILE",
      description =
          "Use the instance that this file describes (ClientTrustConfig), such as a private one.")
  private @Nullable Path trustConfig;

  @Option(
      names = "--trust-repository",
      paramLabel = "URL",
      description =
          "Ask this TUF repository which instance to use and trust, such as a mirror of one's own;"
              + " with --trust-root.")
  private @Nullable URI repositoryAddress;

  @Option(
      names = "--trust-root",
      paramLabel = "FILE",
      description =
          "The root.json that --trust-repository is trusted by, in its present version or an older"
              + " one.")
  private @Nullable Path repositoryRoot;

  @Mixin private NetworkArguments network = new NetworkArguments();

  /** Refuses invalid combinations of options. */
  public void requireUsage(CommandSpec command) {
    if ((repositoryAddress == null) != (repositoryRoot == null)) {
      throw new WrongUsage(command, "--trust-repository and --trust-root need each other");
    }
    if (repositoryAddress == null) {
      return;
    }
    if (staging != null || trustConfig != null) {
      throw new WrongUsage(command, "--trust-repository excludes --use-staging and --trust-config");
    }
    String scheme = String.valueOf(repositoryAddress.getScheme());
    boolean web = scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http");
    if (!web || repositoryAddress.getHost() == null || repositoryAddress.getUserInfo() != null) {
      throw new WrongUsage(
          command, "--trust-repository: expected an http or https address without a password");
    }
  }

  /**
   * The trusted root and the signing configuration. As in the Python tool, staging has precedence
   * over a file.
   */
  public ClientTrustConfig clientTrustConfig(CommandSpec command)
      throws IOException, UnusableTrustException {
    network.apply(command);
    return trustConfig != null && !isStaging()
        ? ClientTrustConfig.load(trustConfig)
        : repository(command).clientTrustConfig();
  }

  /** Sets the TLS trust anchors for the connections of {@link #trustedRoot}. */
  public void applyNetwork(CommandSpec command) throws IOException, UnusableTrustException {
    network.apply(command);
  }

  /** The trusted root. As in the Python tool, a file has precedence over staging. */
  public TrustedRoot trustedRoot(CommandSpec command, boolean offline) throws IOException {
    if (trustConfig != null) {
      return TrustedRoot.load(trustConfig);
    }
    TrustRepository repository = repository(command);
    return (offline ? repository.offline() : repository).trustedRoot();
  }

  /** The files with the trusted root and the signing configuration. */
  public List<Path> files(CommandSpec command) throws IOException {
    List<Path> files = new ArrayList<>(network.files());
    if (repositoryRoot != null) {
      files.add(repositoryRoot);
    }
    if (trustConfig != null && !isStaging()) {
      files.add(trustConfig);
    } else {
      files.addAll(repository(command).files());
    }
    return files;
  }

  /** Adds the options that select this instance. */
  public void addTo(ShellCommand command) {
    if (isStaging()) {
      command.option("--use-staging");
    } else if (trustConfig != null) {
      command.option("--trust-config", trustConfig);
    } else if (repositoryAddress != null && repositoryRoot != null) {
      command.option("--trust-repository", repositoryAddress.toString());
      command.option("--trust-root", repositoryRoot);
    }
  }

  /** Whether any of these options was given, except network settings. */
  boolean isGiven() {
    return staging != null
        || trustConfig != null
        || repositoryAddress != null
        || repositoryRoot != null;
  }

  /** The network settings. */
  NetworkArguments network() {
    return network;
  }

  /** Whether the instance is given by a file. */
  public boolean hasFile() {
    return trustConfig != null;
  }

  /** Whether the instance is given by a repository. */
  public boolean hasRepository() {
    return repositoryAddress != null;
  }

  private TrustRepository repository(CommandSpec command) throws IOException {
    return repository().withNotices(Program.of(command).output(false)::finding);
  }

  private TrustRepository repository() throws IOException {
    if (repositoryAddress != null && repositoryRoot != null) {
      return TrustRepository.at(repositoryAddress, repositoryRoot);
    }
    return isStaging() ? TrustRepository.staging() : TrustRepository.publicGood();
  }

  private boolean isStaging() {
    return Boolean.TRUE.equals(staging);
  }
}

package dev.modelsigning.cli.trust;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which Sigstore instance: the public one, the one for trials, or a private one. */
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

  /** Whom to trust and what to sign with. As in the Python tool, staging beats a file. */
  public ClientTrustConfig clientTrustConfig(CommandSpec command) throws IOException {
    return trustConfig != null && !isStaging()
        ? ClientTrustConfig.load(trustConfig)
        : repository(command).clientTrustConfig();
  }

  /** Whom to trust. As in the Python tool, a file beats staging. */
  public TrustedRoot trustedRoot(CommandSpec command, boolean offline) throws IOException {
    if (trustConfig != null) {
      return TrustedRoot.load(trustConfig);
    }
    TrustRepository repository = repository(command);
    return (offline ? repository.offline() : repository).trustedRoot();
  }

  /** The files that say whom to trust and what to sign with. */
  public List<Path> files(CommandSpec command) throws IOException {
    return trustConfig != null && !isStaging() ? List.of(trustConfig) : repository(command).files();
  }

  /** Adds the options that name this instance. */
  public void addTo(ShellCommand command) {
    if (isStaging()) {
      command.option("--use-staging");
    } else if (trustConfig != null) {
      command.option("--trust-config", trustConfig);
    }
  }

  /** Whether the instance is given by a file. */
  public boolean hasFile() {
    return trustConfig != null;
  }

  private TrustRepository repository(CommandSpec command) {
    Output output = Program.of(command).output(false);
    TrustRepository repository =
        isStaging() ? TrustRepository.staging() : TrustRepository.publicGood();
    return repository.withNotices(output::finding);
  }

  private boolean isStaging() {
    return Boolean.TRUE.equals(staging);
  }
}

package dev.modelsigning.cli.trust;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.http.TlsAuthorities;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The network settings for services. */
public final class NetworkArguments {

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "Trust these authorities for TLS too, in PEM, such as that of a proxy that opens TLS."
              + " They say nothing about signatures. Besides: the variable SSL_CERT_FILE.")
  private @Nullable Path caFile;

  /** Whether TLS trust anchors were given. */
  public boolean isGiven() {
    return caFile != null;
  }

  /** The files with TLS trust anchors. */
  public List<Path> files() {
    return caFile == null ? List.of() : List.of(caFile);
  }

  /**
   * Sets the TLS trust anchors for all connections from now on, replacing those of an earlier call.
   *
   * @param command the running command, which reports unreadable certificates in the file of the
   *     environment variable
   */
  public void apply(CommandSpec command) throws IOException, UnusableTrustException {
    boolean quiet = command.userObject() instanceof Task task && task.quiet();
    Output output = Program.of(command).output(quiet);
    TlsAuthorities.use(caFile, output::finding);
  }
}

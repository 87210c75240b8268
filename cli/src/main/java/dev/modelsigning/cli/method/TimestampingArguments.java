package dev.modelsigning.cli.method;

import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.trust.NetworkArguments;
import dev.modelsigning.cli.trust.NewTimestampArguments;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.TimestampAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampingSigner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options for time stamps. */
final class TimestampingArguments {

  @Option(
      names = "--tsa-url",
      paramLabel = "URL",
      description =
          "Have the signature stamped by this RFC 3161 time stamping authority, so that it outlives"
              + " its certificate.")
  private @Nullable URI url;

  @Mixin private NewTimestampArguments trusted = new NewTimestampArguments();

  @Mixin private NetworkArguments network = new NetworkArguments();

  /** The files with trusted certificates for time stamps and for TLS. */
  List<Path> files() {
    List<Path> files = new ArrayList<>(trusted.files());
    files.addAll(network.files());
    return files;
  }

  /** Adds the trusted Time Stamping Authorities, if given. */
  void addTrust(ShellCommand command) {
    trusted.files().forEach(file -> command.option("--tsa-certificate-chain", file));
  }

  /**
   * Returns a function that adds time stamps to a signer, if requested. It is created before a key
   * is opened, so that an invalid URL or file does not cost a PIN.
   */
  UnaryOperator<PayloadSigner> stamping(CommandSpec command)
      throws IOException, UnusableTrustException {
    if (url == null) {
      if (trusted.isGiven()) {
        throw new WrongUsage(command, "--tsa-certificate-chain needs --tsa-url when signing");
      }
      if (network.isGiven()) {
        throw new WrongUsage(command, "--ca-file needs --tsa-url");
      }
      return UnaryOperator.identity();
    }
    network.apply(command);
    TimestampAuthority authority;
    try {
      authority = TimestampAuthority.at(url);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--tsa-url: " + e.getMessage(), e);
    }
    if (!trusted.isGiven()) {
      return signer -> TimestampingSigner.using(signer, authority);
    }
    TimestampVerifier verifier = trusted.verifier();
    return signer -> TimestampingSigner.using(signer, authority).verifyingBy(verifier);
  }
}

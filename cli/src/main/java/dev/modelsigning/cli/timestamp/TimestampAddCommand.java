package dev.modelsigning.cli.timestamp;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.trust.NetworkArguments;
import dev.modelsigning.cli.trust.NewTimestampArguments;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.AddedTimestamp;
import dev.modelsigning.timestamp.LaterTimestamping;
import dev.modelsigning.timestamp.TimestampAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds a time stamp to a signature. */
@Command(
    name = "add",
    description = {
      "Add a time stamp to a signature that exists, before the certificates end that prove it now.",
      "With a bare key it is added to the signature; with a certificate, or keyless, it is written"
          + " beside it (model.sig.tst), as other clients would refuse it inside. Keep both files"
          + " together, outside of the model. The signature itself is not verified."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing timestamp add model.sig --tsa-url https://tsa.example \\",
      "      --tsa-certificate-chain tsa.pem",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem --tsa-certificate-chain tsa.pem"
    })
final class TimestampAddCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SIGNATURE",
      description = "The signature: the file that 'sign' wrote.")
  private @Nullable Path signature;

  @Option(
      names = "--tsa-url",
      paramLabel = "URL",
      required = true,
      description = "The RFC 3161 time stamping authority to ask.")
  private @Nullable URI url;

  @Mixin private NewTimestampArguments trusted = new NewTimestampArguments();

  @Mixin private NetworkArguments network = new NetworkArguments();

  @Mixin private FormatArgument format = new FormatArgument();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but failures.")
  private boolean quiet;

  @Override
  public Integer call()
      throws IOException, UnusableTrustException, MalformedBundleException, SigningException {
    TimestampAuthority authority;
    try {
      authority = TimestampAuthority.at(Objects.requireNonNull(url));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(spec, "--tsa-url: " + e.getMessage(), e);
    }
    LaterTimestamping stamping = LaterTimestamping.by(authority);
    if (trusted.isGiven()) {
      stamping = stamping.verifyingBy(trusted.verifier());
    }
    network.apply(spec);
    Path file = Objects.requireNonNull(signature);
    StampPlace.require(file);
    print(file, stamping.add(file), Program.of(spec).output(quiet));
    return 0;
  }

  private void print(Path file, AddedTimestamp added, Output output) throws IOException {
    TimestampReport report = new TimestampReport(file, added, output::withoutSecrets);
    if (!format.isJson()) {
      output.result("Time stamp added");
      output.info(report.facts());
      if (report.isBeside()) {
        output.info("Keep both files together, and not in the model, where it would be unsigned.");
      }
    }
    added.findings().forEach(output::finding);
    if (format.isJson()) {
      output.verdict(report.toJson());
    }
  }

  @Override
  public boolean quiet() {
    return quiet;
  }

  @Override
  public String failure() {
    return "Adding a time stamp failed with error";
  }
}

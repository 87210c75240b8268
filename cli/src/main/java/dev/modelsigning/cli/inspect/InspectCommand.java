package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.report.Facts;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a signature file says, without verifying anything. */
@Command(
    name = "inspect",
    description = {
      "Show what a signature file says, WITHOUT verifying it.",
      "Anybody could have written it; only 'verify' tells whether it is true."
    },
    footer = {"", "Example:", "  model-signing inspect model.sig"})
final class InspectCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SIGNATURE", description = "The signature file.")
  private @Nullable Path signature;

  @Option(
      names = "--payload",
      description = "Print the signed statement itself, byte by byte, and nothing else.")
  private boolean payload;

  @Mixin private ListArguments lists = new ListArguments();

  @Override
  public Integer call() throws Exception {
    Path file = Objects.requireNonNull(signature);
    try {
      inspect(Bundle.read(file), Program.of(spec).output(false));
      return 0;
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(file, e);
    }
  }

  private void inspect(Bundle bundle, Output output) throws IOException, MalformedBundleException {
    if (payload) {
      output.bytes(bundle.envelope().payload().content().toArray());
      return;
    }
    Statement statement = Statement.readUnverified(bundle);
    Manifest manifest = statement.manifest();
    output.result("NOT VERIFIED: this is what the file says");
    Facts facts =
        new Facts()
            .add("model", statement.modelName().orElse("not named"))
            .add("form", statement.predicateType());
    Claims.addTo(facts, bundle);
    facts
        .addList("certificates", certificates(bundle.verificationMaterial()))
        .add("digest", manifest.rootDigest().toString())
        .add("method", manifest.serialization().method())
        .add("hash", manifest.serialization().hashAlgorithm().id())
        .add("links", manifest.serialization().allowSymlinks() ? "allowed" : "no");
    facts.addList("left out", orNothing(manifest.serialization().ignorePaths()));
    List<ResourceDescriptor> resources = manifest.resources();
    facts.addList(
        "resources",
        resources.stream().map(one -> one.digest().hex() + "  " + one.name()).toList());
    output.info(facts, lists.mostLines());
  }

  private static List<String> orNothing(List<String> values) {
    return values.isEmpty() ? List.of("nothing") : values;
  }

  /** Who the certificates say that they are of, the signer's first. */
  private static List<String> certificates(VerificationMaterial material) {
    List<Bytes> encoded =
        material instanceof VerificationMaterial.X509CertificateChain chain
            ? chain.certificates()
            : material instanceof VerificationMaterial.X509Certificate single
                ? List.of(single.rawBytes())
                : List.of();
    return encoded.stream().map(InspectCommand::describe).toList();
  }

  private static String describe(Bytes der) {
    try {
      X509Certificate certificate = CertificateFile.parse(der);
      return certificate.getSubjectX500Principal()
          + ", issued by "
          + certificate.getIssuerX500Principal()
          + ", valid from "
          + certificate.getNotBefore().toInstant()
          + " to "
          + certificate.getNotAfter().toInstant();
    } catch (CertificateException e) {
      return "cannot be read: " + Printable.escape(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String failure() {
    return "Inspection failed with error";
  }
}

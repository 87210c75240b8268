package dev.modelsigning.cli;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.Statement;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.manifest.ResourceDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
final class InspectCommand implements Callable<Integer>, Failures.Task {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SIGNATURE", description = "The signature file.")
  private @Nullable Path signature;

  @Option(
      names = "--payload",
      description = "Print the signed statement itself, byte by byte, and nothing else.")
  private boolean payload;

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  InspectCommand() {}

  @Override
  public Integer call() throws Exception {
    Path file = Objects.requireNonNull(signature);
    try {
      inspect(Bundle.read(file), ModelSigning.of(spec).output(false));
      return 0;
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(file, e);
    }
  }

  private void inspect(Bundle bundle, Output output) throws MalformedBundleException {
    if (payload) {
      output.bytes(bundle.envelope().payload().toArray());
      return;
    }
    Statement statement = bundle.unverifiedStatement();
    output.result("NOT VERIFIED: this is what the file says");
    Report report =
        new Report()
            .add("model", statement.subjectName())
            .add("signer", describe(bundle.verificationMaterial()))
            .add("digest", statement.rootDigest().toString())
            .add("method", statement.manifest().serialization().method())
            .add("hash", statement.manifest().serialization().hashAlgorithm().id())
            .add("links", statement.manifest().serialization().allowSymlinks() ? "allowed" : "no");
    addList(report, "left out", statement.manifest().serialization().ignorePaths());
    List<ResourceDescriptor> resources = statement.manifest().resources();
    addList(
        report,
        "resources",
        resources.stream().map(one -> one.digest().hex() + "  " + one.name()).toList());
    report.print(output);
  }

  private static void addList(Report report, String label, List<String> values) {
    List<String> lines = Output.firstOf(values.isEmpty() ? List.of("nothing") : values);
    for (int i = 0; i < lines.size(); i++) {
      report.add(i == 0 ? label : "", lines.get(i));
    }
  }

  private static String describe(VerificationMaterial material) {
    if (material instanceof PublicKeyIdentifier key) {
      return "key " + key.claimedFingerprint().orElse("that the file does not name");
    }
    return material instanceof VerificationMaterial.X509CertificateChain
        ? "certificate chain"
        : "certificate";
  }

  @Override
  public String failure() {
    return "Inspection failed with error";
  }

  @Override
  public boolean quiet() {
    return false;
  }
}

package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.CertificateMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Attests by the method {@code certificate}. */
@Command(
    name = "certificate",
    description =
        "Attest something about a model with a private key and its X.509" + " certificate.",
    footer = {
      "",
      "The model is verified first: it must be signed by the same signer, or by the one that"
          + " the options --verify-... name. Without --predicate, the predicate is made from the"
          + " verified files (cyclonedx) or the build's environment (slsa).",
      "",
      "'verify-attestation certificate' verifies it.",
      "",
      "Examples:",
      "  model-signing attest certificate my-model --signature model.sig \\",
      "      --private-key key.pem --signing-certificate cert.pem \\",
      "      --predicate-type cyclonedx",
      "  model-signing attest certificate my-model --signature model.sig \\",
      "      --private-key key.pem --signing-certificate cert.pem \\",
      "      --predicate-type test-result --predicate results.json"
    })
final class AttestCertificateCommand extends AttestationCommand {

  @Mixin private CertificateMethod method = new CertificateMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}

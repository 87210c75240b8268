package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.method.Pkcs11CertificateMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Attests by the method {@code pkcs11-certificate}. */
@Command(
    name = "pkcs11-certificate",
    description =
        "Attest something about a model with a private key on a hardware token"
            + " (PKCS #11) and its X.509 certificate.",
    footer = {
      "",
      "The model is verified first: it must be signed by the same signer, or by the one that"
          + " the options --verify-... name. Without --predicate, the predicate is made from the"
          + " verified files (cyclonedx) or the build's environment (slsa).",
      "",
      "'verify-attestation certificate' verifies it.",
      "",
      "Examples:",
      "  model-signing attest pkcs11-certificate my-model --signature model.sig \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --signing-certificate cert.pem \\",
      "      --predicate-type cyclonedx",
      "  model-signing attest pkcs11-certificate my-model --signature model.sig \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --signing-certificate cert.pem \\",
      "      --predicate-type test-result --predicate results.json"
    })
final class AttestPkcs11CertificateCommand extends AttestationCommand {

  @Mixin private Pkcs11CertificateMethod method = new Pkcs11CertificateMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}

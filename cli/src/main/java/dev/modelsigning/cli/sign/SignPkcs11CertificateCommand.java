package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.method.Pkcs11CertificateMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Signs with a private key on a hardware token and its certificate. */
@Command(
    name = "pkcs11-certificate",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 on a hardware token (PKCS #11)"
            + " and its X.509 certificate.",
    footer = {
      "",
      "'verify certificate' verifies it. The certificate must be valid now and allow"
          + " signing, as for 'sign certificate'. The PIN is tried once, before the model is"
          + " hashed.",
      "",
      "Example:",
      "  model-signing sign pkcs11-certificate my-model \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem"
    })
final class SignPkcs11CertificateCommand extends SigningCommand {

  @Mixin private Pkcs11CertificateMethod method = new Pkcs11CertificateMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}

package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.method.CertificateMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Signs with a private key and its certificate. */
@Command(
    name = "certificate",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 and its X.509 certificate.",
    footer = {
      "",
      "The certificate must be valid now and allow signing: digitalSignature in its key"
          + " usage, codeSigning in its extended key usage, or both. Have the signature stamped"
          + " (--tsa-url) if it is to be verified after the certificate has expired.",
      "",
      "The password is taken from --password, --password-file or the variable"
          + " MODEL_SIGNING_PASSWORD, or asked for on a terminal.",
      "",
      "The PIN of a token is taken from the file that the URI names (pin-source) or the"
          + " variable PKCS11_PIN, or asked for. It is tried once, before the model is hashed.",
      "",
      "Examples:",
      "  model-signing sign certificate my-model --private-key key.pem \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem",
      "  model-signing sign certificate my-model --keystore release.p12 \\",
      "      --password-file password.txt --tsa-url https://tsa.example/api"
    })
final class SignCertificateCommand extends SigningCommand {

  @Mixin private CertificateMethod method = new CertificateMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}

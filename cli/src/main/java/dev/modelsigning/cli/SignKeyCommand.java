package dev.modelsigning.cli;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.HashedModel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Signs with a private key. */
@Command(
    name = "key",
    description = "Sign a model with a private key on P-256, P-384 or P-521.",
    footer = {
      "",
      "The password of an encrypted key is taken from --password, --password-file",
      "or the variable MODEL_SIGNING_PASSWORD, or asked for on a terminal. Others",
      "can see the arguments of a process, so prefer the other ways.",
      "",
      "Examples:",
      "  model-signing sign key my-model --private-key key.pem",
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --signature my-model/model.sig --ignore-paths my-model/cache"
    })
final class SignKeyCommand implements Callable<Integer>, Failures.Task {

  @Spec private CommandSpec spec;

  @Mixin private HashArguments hashing = new HashArguments();

  @Mixin private SignatureArgument signature = new SignatureArgument();

  @Option(
      names = "--private-key",
      paramLabel = "FILE",
      required = true,
      description = "The private key in PEM (PKCS #8 or SEC 1).")
  private @Nullable Path privateKey;

  @Mixin private PasswordArguments password = new PasswordArguments();

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  SignKeyCommand() {}

  @Override
  public Integer call() throws Exception {
    Output output = ModelSigning.of(spec).output(quiet());
    Path key = Objects.requireNonNull(privateKey);
    KeySigner signer = password.load(key, spec);
    Path file = signature.path();
    SignatureArgument.requireWritable(file);
    password.requireNoSecret(file, key);
    HashedModel signed =
        ModelSigner.using(signer)
            .withHasher(hashing.hasher(spec, output))
            .sign(hashing.model().model(), file);
    output.result("Signing succeeded");
    new Report()
        .add("signature", file.toString())
        .add(
            "signer",
            "key "
                + PublicKeyIdentifier.fingerprint(signer.publicKey())
                + " (ECDSA "
                + signer.algorithm().curve()
                + ")")
        .addFiles(signed.manifest(), signed.files(), signed.bytes())
        .addUncovered(signed.uncovered())
        .print(output);
    signed.warnings().forEach(output::warning);
    hashing.warnAboutPeers(output);
    return 0;
  }

  @Override
  public String failure() {
    return "Signing failed with error";
  }

  @Override
  public boolean quiet() {
    return hashing.model().quiet();
  }
}

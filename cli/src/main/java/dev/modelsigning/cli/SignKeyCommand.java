package dev.modelsigning.cli;

import dev.modelsigning.key.KeySigner;
import java.nio.file.Path;
import java.util.List;
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

  @Mixin private SignArguments signing = new SignArguments();

  @Option(
      names = "--private-key",
      paramLabel = "FILE",
      required = true,
      description = "The private key in PEM (PKCS #8 or SEC 1).")
  private @Nullable Path privateKey;

  @Mixin private PasswordArguments password = new PasswordArguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  SignKeyCommand() {}

  @Override
  public Integer call() throws Exception {
    Path key = Objects.requireNonNull(privateKey);
    signing.requirePlace(List.of(key), password.files(), timestamp.files());
    KeySigner signer = KeySigner.load(key, password.source(key, spec));
    signing.sign(timestamp.stamping(signer, spec), spec);
    return 0;
  }

  @Override
  public String failure() {
    return "Signing failed with error";
  }

  @Override
  public boolean quiet() {
    return signing.quiet();
  }
}

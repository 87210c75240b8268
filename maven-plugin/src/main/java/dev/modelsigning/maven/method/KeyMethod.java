package dev.modelsigning.maven.method;

import dev.modelsigning.SignedModel;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The element {@code <key>}: a key pair. */
public final class KeyMethod extends LocalKey {

  private @Nullable String publicKey;

  /** Called by Maven, which then sets the fields. */
  public KeyMethod() {}

  @Override
  String element() {
    return "key";
  }

  @Override
  public BundleVerifier verifier(Build build)
      throws IOException, UnusableTrustException, WrongParameterException {
    String key =
        Values.required(
            parameter("publicKey"), publicKey, "the file with the signer's public key, or its URI");
    Optional<URI> uri = uri("publicKey", key);
    return stamped(
        uri.isEmpty()
            ? KeyVerifier.load(path("publicKey", key, build))
            : KeyVerifier.using(providers().verifyingKey(uri.get(), context(build))));
  }

  @Override
  SignedModel sign(Build build, Signing signing, KeyContext context)
      throws IOException, SigningException, WrongParameterException {
    Optional<URI> uri = uri("privateKey", privateKey());
    if (uri.isEmpty()) {
      return signing.by(KeySigner.load(path("privateKey", privateKey(), build), context.secrets()));
    }
    try (SigningKey key = providers().open(uri.get(), context)) {
      return signing.by(KeySigner.using(key));
    }
  }

  @Override
  void addInputs(Build build, List<Path> inputs)
      throws IOException, SigningException, WrongParameterException {
    if (publicKey != null) {
      inputs.addAll(files("publicKey", publicKey, build));
    }
  }
}

package dev.modelsigning.cli.keys;

import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Whether keys for schemes that OMS does not have may be used. Without it, they are refused. */
public final class BeyondOms {

  @Option(
      names = "--beyond-oms",
      description =
          "Accept a key for ML-DSA (FIPS 204) too. OMS v1.0 does not have it, and other clients"
              + " cannot verify such signatures. No effect on other keys.")
  private boolean given;

  /** Whether they may. */
  public boolean isGiven() {
    return given;
  }

  /** The signer with a key, which is of a scheme that may be used. */
  public KeySigner signer(SigningKey key) throws SigningException {
    return given && key.scheme() instanceof MlDsaScheme scheme
        ? KeySigner.using(key, scheme)
        : KeySigner.using(key);
  }

  /** Returns a verifier for public keys of schemes that may be used. */
  public KeyVerifier verifier(KeyArguments keys, KeyName name, KeyContext context)
      throws IOException, UnusableTrustException {
    return keys.verifier(name, context, given);
  }

  /** Whether a signer's key is of a scheme that needs this option. */
  public static boolean isNeededFor(SignerIdentity signer) {
    return signer instanceof KeyIdentity key && MlDsaScheme.named(key.algorithm()).isPresent();
  }
}

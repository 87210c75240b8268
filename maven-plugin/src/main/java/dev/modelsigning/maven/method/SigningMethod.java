package dev.modelsigning.maven.method;

import dev.modelsigning.SignedModel;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A configured signing method: who signs, and who must have signed. */
public sealed interface SigningMethod permits LocalKey, SigstoreMethod {

  /** Signs a model with a signer. */
  interface Signing {
    SignedModel by(PayloadSigner signer) throws IOException, SigningException;
  }

  /**
   * The verifier of bundles, with the configured trust. It uses no network before a bundle was
   * read.
   *
   * @throws WrongParameterException if it does not say whom to trust, or contradicts itself
   */
  BundleVerifier verifier(Build build)
      throws IOException, UnusableTrustException, WrongParameterException;

  /**
   * Signs a model with the configured signer. All errors of the configuration are reported before
   * the model is hashed.
   *
   * @throws WrongParameterException if the configuration does not say who signs
   */
  SignedModel sign(Build build, Signing signing)
      throws IOException, UnusableTrustException, SigningException, WrongParameterException;

  /** The input files, which must not be overwritten. */
  List<Path> inputs(Build build) throws IOException, SigningException, WrongParameterException;
}

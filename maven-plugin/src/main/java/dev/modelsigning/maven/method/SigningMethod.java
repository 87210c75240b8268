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

/** A way to sign, as it is configured: who signs, and who must have signed. */
public sealed interface SigningMethod permits LocalKey, SigstoreMethod {

  /** Signs a model by what is passed in. */
  interface Signing {
    SignedModel by(PayloadSigner signer) throws IOException, SigningException;
  }

  /**
   * What verifies bundles, by whom the configuration trusts. No service is asked before there is a
   * bundle.
   *
   * @throws WrongParameterException if it does not say whom to trust, or contradicts itself
   */
  BundleVerifier verifier(Build build)
      throws IOException, UnusableTrustException, WrongParameterException;

  /**
   * Has a model signed by the signer that is configured. All that can be wrong with it is found out
   * before the model is hashed.
   *
   * @throws WrongParameterException if the configuration does not say who signs
   */
  SignedModel sign(Build build, Signing signing)
      throws IOException, UnusableTrustException, SigningException, WrongParameterException;

  /** The files that are read, over which nothing is to be written. */
  List<Path> inputs(Build build) throws IOException, SigningException, WrongParameterException;
}

package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A way to sign: its options, and the signer that they give. It is a mixin of commands, and used by
 * one thread.
 */
public abstract sealed class SigningMethod
    permits KeyMethod, CertificateMethod, Pkcs11KeyMethod, Pkcs11CertificateMethod, SigstoreMethod {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Refuses invalid combinations of options, before anything else is done. */
  public void requireUsage() {}

  /** The files that signing needs besides the model, and which nothing must overwrite. */
  public abstract List<List<Path>> inputs(boolean quiet) throws IOException, SigningException;

  /** Whether a second signature is asked for, by another key. */
  public boolean hasSecond() {
    return false;
  }

  /** The signer of the second signature, if one is asked for; valid while the key is open. */
  public Optional<PayloadSigner> second() {
    return Optional.empty();
  }

  /** Whether the key is of a scheme that OMS does not have; known while the key is open. */
  public boolean isBeyondOms() {
    return false;
  }

  /**
   * The files with secrets that are used for signing, and must not be published with the model.
   *
   * @param hasher hashes them
   */
  public abstract Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException;

  /**
   * Opens the key, and closes it after its use. Only here is a key read, a secret requested, or a
   * PIN tried.
   *
   * @param quiet whether to print nothing but failures
   * @param use uses the signer
   */
  public abstract void open(boolean quiet, Use use)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException;

  /** Uses a signer. */
  @FunctionalInterface
  public interface Use {
    /**
     * Uses a signer, which is valid until this returns.
     *
     * @param signer the signer
     * @param same supplies a verifier for signatures that the same signer made earlier
     */
    void with(PayloadSigner signer, SameSigner same)
        throws IOException,
            UnusableTrustException,
            SigningException,
            MalformedBundleException,
            VerificationException;
  }

  /** Supplies a verifier for earlier signatures of a signer. */
  @FunctionalInterface
  public interface SameSigner {
    /**
     * Returns the verifier.
     *
     * @throws SigningException if it is not known who will sign
     */
    BundleVerifier verifier() throws IOException, UnusableTrustException, SigningException;
  }

  /**
   * Adds the options for trust anchors and the expected signer, as far as this method knows them;
   * values that only the user knows are placeholders in capitals.
   */
  public abstract void addTrust(SignedPayload signed, ShellCommand command);

  /**
   * Adds what {@link #addTrust} adds, for the second signature.
   *
   * @throws UnsupportedOperationException if the method makes no second signature
   */
  public void addTrustInSecond(SignedPayload signed, ShellCommand command) {
    throw new UnsupportedOperationException("this method makes one signature");
  }

  /** The command's specification in the parser. */
  final CommandSpec spec() {
    return spec;
  }
}

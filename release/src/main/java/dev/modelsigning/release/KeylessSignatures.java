package dev.modelsigning.release;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.SigstoreSigner;
import dev.modelsigning.sigstore.identity.AmbientCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Signs the provenance and the release by an OpenID Connect identity: that of the build service, or
 * of a token in {@code SIGSTORE_ID_TOKEN}.
 */
final class KeylessSignatures {

  private static final String TOKEN_VARIABLE = "SIGSTORE_ID_TOKEN";

  private final Settings settings;
  private final Map<String, String> environment;
  private final Program program;

  KeylessSignatures(Settings settings, Map<String, String> environment, Program program) {
    this.settings = settings;
    this.environment = environment;
    this.program = program;
  }

  /**
   * Signs, and verifies what was signed.
   *
   * @return the options of {@code release/verify} that name the signer
   */
  String sign(byte[] provenance)
      throws IOException, ReleaseException, SigningException, InterruptedException {
    boolean hasToken = !environment.getOrDefault(TOKEN_VARIABLE, "").isEmpty();
    // A missing token is reported before the trust repository is contacted.
    IdentityTokenSource tokens = tokens(hasToken).requireUnexpired();
    List<String> trust = new ArrayList<>();
    SigstoreSigner signer;
    if (settings.trustConfig().isEmpty()) {
      signer = SigstoreSigner.load(tokens);
    } else {
      Path config = settings.checkout().resolve(settings.trustConfig());
      signer = SigstoreSigner.using(ClientTrustConfig.load(config), tokens);
      trust.add("--trust-config=" + config);
    }
    SignedPayload signed = signer.sign(Payload.inToto(Bytes.of(provenance)));
    signed.bundle().write(settings.directory().resolve(ReleaseSignature.PROVENANCE));
    if (!(signed.signer() instanceof KeylessIdentity identity)) {
      throw new IllegalStateException("expected an identity, found " + signed.signer());
    }

    List<String> signing = new ArrayList<>(trust);
    if (!hasToken) {
      signing.add("--use-ambient-credentials");
    }
    List<String> verifying = new ArrayList<>(trust);
    verifying.add("--identity=" + identity.identity());
    verifying.add("--identity-provider=" + identity.provider());
    new ReleaseSignature("sigstore", settings.directory(), program).make(signing, verifying);
    return "--identity " + identity.identity() + " --identity-provider " + identity.provider();
  }

  private IdentityTokenSource tokens(boolean hasToken) throws SigningException {
    if (hasToken) {
      return IdentityTokenSource.fromEnvironment(environment, TOKEN_VARIABLE);
    }
    return AmbientCredentials.forClient("sigstore")
        .orElse(() -> {
          throw new SigningException(
              "-Dmodelsigning.releaseKeyless=true: expected the identity of a build service, or"
                  + " a token in "
                  + TOKEN_VARIABLE
                  + ", found neither");
        });
  }
}

package dev.modelsigning.maven.method;

import dev.modelsigning.SignedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.IdentityPolicy;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.SigstoreSigner;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
import dev.modelsigning.sigstore.identity.AmbientCredentials;
import dev.modelsigning.sigstore.identity.InteractiveSignIn;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The element {@code <sigstore>}: keyless signatures, by an identity. */
public final class SigstoreMethod implements SigningMethod {

  private static final String TOKEN_VARIABLE = "SIGSTORE_ID_TOKEN";

  /** Modules that are built in parallel share one cache, which must be updated by one at a time. */
  private static final Object CACHE = new Object();

  private @Nullable String identity;
  private @Nullable String identityRegexp;
  private @Nullable String identityProvider;
  private @Nullable File trustedRoot;
  private @Nullable File trustConfig;
  private @Nullable String trustRepository;
  private @Nullable File trustRoot;
  private @Nullable String useStaging;
  private @Nullable String offline;
  private @Nullable File identityTokenFile;
  private @Nullable String useAmbientCredentials;
  private @Nullable String clientId;
  private @Nullable Integer rekorVersion;
  private @Nullable String certificateIdentity;

  /** Called by Maven, which then sets the fields. */
  public SigstoreMethod() {}

  @Override
  public BundleVerifier verifier(Build build) throws IOException, WrongParameterException {
    requireOneInstance();
    IdentityPolicy policy = policy();
    if (trustedRoot != null) {
      return SigstoreVerifier.using(TrustedRoot.load(trustedRoot.toPath()), policy);
    }
    if (trustConfig != null) {
      return SigstoreVerifier.using(TrustedRoot.load(trustConfig.toPath()), policy);
    }
    boolean cacheOnly = Values.flag("sigstore.offline", offline, false) || build.offline();
    TrustRepository repository = repository(build);
    return new BundleVerifier() {
      @Override
      public VerifiedPayload verify(Bundle bundle)
          throws IOException, MalformedBundleException, VerificationException {
        // Before the trust repository is contacted, as the bundle may be of another method.
        SigstoreVerifier.requireKeyless(bundle);
        TrustedRoot root;
        synchronized (CACHE) {
          root = (cacheOnly ? repository.offline() : repository).trustedRoot();
        }
        return SigstoreVerifier.using(root, policy).verify(bundle);
      }

      @Override
      public Map<String, List<String>> expected() {
        return policy.expected();
      }
    };
  }

  private IdentityPolicy policy() throws WrongParameterException {
    String provider =
        Values.required(
            "sigstore.identityProvider",
            identityProvider,
            "who vouches for the name: the OpenID Connect issuer, exactly");
    if ((identity == null) == (identityRegexp == null)) {
      throw new WrongParameterException(
          "sigstore.identity",
          "say who must have signed, with either <identity> or <identityRegexp>");
    }
    try {
      return identity != null
          ? IdentityPolicy.exactly(identity, provider)
          : IdentityPolicy.matching(Pattern.compile(String.valueOf(identityRegexp)), provider);
    } catch (PatternSyntaxException e) {
      throw new WrongParameterException("sigstore.identityRegexp", e.getDescription());
    } catch (IllegalArgumentException e) {
      throw new WrongParameterException("sigstore.identity", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Refuses several instances: which one applies must not depend on the order in which parameters
   * are evaluated.
   */
  private void requireOneInstance() throws WrongParameterException {
    if ((trustRepository == null) != (trustRoot == null)) {
      throw new WrongParameterException(
          "sigstore.trustRepository", "needs <trustRoot>, and the other way round");
    }
    long given =
        Stream.of(trustedRoot, trustConfig, trustRepository).filter(one -> one != null).count()
            + (isStaging() ? 1 : 0);
    if (given > 1) {
      throw new WrongParameterException(
          "sigstore",
          "give one of <trustedRoot>, <trustConfig>, <trustRepository> and <useStaging>");
    }
  }

  private boolean isStaging() throws WrongParameterException {
    return Values.flag("sigstore.useStaging", useStaging, false);
  }

  private TrustRepository repository(Build build) throws IOException, WrongParameterException {
    TrustRepository repository;
    if (trustRepository != null && trustRoot != null) {
      repository = TrustRepository.at(repositoryAddress(trustRepository), trustRoot.toPath());
    } else {
      repository = isStaging() ? TrustRepository.staging() : TrustRepository.publicGood();
    }
    return repository.withNotices(build.log()::finding);
  }

  private static URI repositoryAddress(String value) throws WrongParameterException {
    URI address = Values.address("sigstore.trustRepository", value);
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    boolean web = scheme.equals("https") || scheme.equals("http");
    if (!web || address.getHost() == null || address.getUserInfo() != null) {
      throw new WrongParameterException(
          "sigstore.trustRepository", "expected an http or https address without a password");
    }
    return address;
  }

  @Override
  public SignedModel sign(Build build, Signing signing)
      throws IOException, SigningException, WrongParameterException {
    build.requireOnline("sigstore");
    if (trustedRoot != null && trustConfig == null) {
      throw new WrongParameterException(
          "sigstore.trustedRoot", "says whom to trust and not where to sign; give <trustConfig>");
    }
    requireOneInstance();
    IdentityTokenSource token = token(build);
    ClientTrustConfig config;
    if (trustConfig != null) {
      config = ClientTrustConfig.load(trustConfig.toPath());
    } else {
      TrustRepository repository = repository(build);
      synchronized (CACHE) {
        config = repository.clientTrustConfig();
      }
    }
    SigstoreSigner signer = SigstoreSigner.using(config, token);
    if (rekorVersion != null) {
      if (rekorVersion != 1 && rekorVersion != 2) {
        throw new WrongParameterException(
            "sigstore.rekorVersion", "expected 1 or 2, found " + rekorVersion);
      }
      signer = signer.withRekorVersion(rekorVersion);
    }
    return signing.by(
        certificateIdentity == null ? signer : signer.withCertificateIdentity(certificateIdentity));
  }

  /**
   * The source of the identity token. A build has no user, so there is no sign-in with a browser.
   */
  private IdentityTokenSource token(Build build)
      throws IOException, SigningException, WrongParameterException {
    boolean ambient = Values.flag("sigstore.useAmbientCredentials", useAmbientCredentials, false);
    if (identityTokenFile != null && ambient) {
      throw new WrongParameterException(
          "sigstore.identityTokenFile", "excludes <useAmbientCredentials>; give one of them");
    }
    if (identityTokenFile != null) {
      return IdentityTokenSource.fromFile(identityTokenFile.toPath()).requireUnexpired();
    }
    if (ambient) {
      return ambient();
    }
    if (!build.environment().getOrDefault(TOKEN_VARIABLE, "").isEmpty()) {
      return IdentityTokenSource.fromEnvironment(build.environment(), TOKEN_VARIABLE)
          .requireUnexpired();
    }
    throw new WrongParameterException(
        "sigstore",
        "nothing says who signs; give <useAmbientCredentials>, <identityTokenFile>, or a token in "
            + TOKEN_VARIABLE
            + " (a build signs nobody in with a browser)");
  }

  private IdentityTokenSource ambient() throws IOException, SigningException {
    AmbientCredentials credentials =
        AmbientCredentials.forClient(clientId == null ? InteractiveSignIn.CLIENT_ID : clientId);
    IdentityTokenSource none =
        () -> {
          throw new SigningException(
              "<useAmbientCredentials>: expected GitHub Actions, Google Cloud, Buildkite, GitLab CI"
                  + " or CircleCI, found none of them");
        };
    if (credentials.token().isEmpty()) {
      none.token();
    }
    return credentials.orElse(none);
  }

  @Override
  public List<Path> inputs(Build build) {
    List<Path> inputs = new ArrayList<>();
    for (File file : new File[] {trustedRoot, trustConfig, trustRoot, identityTokenFile}) {
      if (file != null) {
        inputs.add(file.toPath());
      }
    }
    return inputs;
  }
}

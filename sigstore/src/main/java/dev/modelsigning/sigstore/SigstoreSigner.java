package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.sigstore.internal.log.LogEntry;
import dev.modelsigning.sigstore.internal.service.Endpoint;
import dev.modelsigning.sigstore.internal.service.Fulcio;
import dev.modelsigning.sigstore.internal.service.JsonWebToken;
import dev.modelsigning.sigstore.internal.service.Rekor;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import dev.modelsigning.timestamp.TimestampAuthority;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keyless signing (method {@code sigstore}, OMS 4.1): a token of an identity provider proves the
 * identity, a certificate authority certifies an ephemeral key for it, which is discarded after all
 * payloads of one call are signed, and a public log records the signatures.
 *
 * <p>All responses of the services are verified before they are used: the certificate before
 * signing, everything except the log entry before the request to the log, and the complete bundle
 * before it is returned. Signers are immutable and thread-safe if their source of tokens is.
 */
public final class SigstoreSigner implements PayloadSigner {

  /** An upper limit for the size of log entries. */
  private static final int LOG_ENTRIES = 1024 * 1024;

  private static final EcdsaScheme SCHEME = EcdsaScheme.P256;

  private final ClientTrustConfig config;
  private final IdentityTokenSource tokens;
  private final Optional<Integer> rekorVersion;
  private final Optional<String> certificateIdentity;
  private final ServiceClient client;

  private SigstoreSigner(
      ClientTrustConfig config,
      IdentityTokenSource tokens,
      Optional<Integer> rekorVersion,
      Optional<String> certificateIdentity,
      ServiceClient client) {
    this.config = config;
    this.tokens = tokens;
    this.rekorVersion = rekorVersion;
    this.certificateIdentity = certificateIdentity;
    this.client = client;
  }

  /**
   * Returns a signer at the public Sigstore instance, which publishes the identity of the signer
   * permanently. Its services and trusted root are fetched now from its TUF repository; without a
   * network, the cached metadata are used until they expire ({@link TrustRepository#publicGood()}).
   * Signing needs the network.
   *
   * @param tokens supplies the identity token; called for each signature, after the model was
   *     hashed
   * @throws TrustConfigException if the repository, or the cache, fails verification
   * @throws IOException if the repository cannot be reached and there is no cache
   */
  public static SigstoreSigner load(IdentityTokenSource tokens) throws IOException {
    return load(TrustRepository.publicGood(), tokens);
  }

  static SigstoreSigner load(TrustRepository repository, IdentityTokenSource tokens)
      throws IOException {
    return using(repository.clientTrustConfig(), tokens);
  }

  /**
   * Returns a signer at any Sigstore instance.
   *
   * @param config the services to use, and the trusted root for their responses
   * @param tokens supplies the identity token; called for each signature, after the model was
   *     hashed
   */
  public static SigstoreSigner using(ClientTrustConfig config, IdentityTokenSource tokens) {
    return new SigstoreSigner(
        config, tokens, Optional.empty(), Optional.empty(), ServiceClient.withDefaults());
  }

  /**
   * Returns the same signer with another version of the transparency log. Without it, version 1 is
   * used if the configuration offers it: not all current clients support entries of version 2.
   *
   * @param version 1 or 2
   * @throws IllegalArgumentException if it is neither
   */
  public SigstoreSigner withRekorVersion(int version) {
    if (version != 1 && version != 2) {
      throw new IllegalArgumentException("expected version 1 or 2 of Rekor, found " + version);
    }
    return new SigstoreSigner(config, tokens, Optional.of(version), certificateIdentity, client);
  }

  /**
   * Returns the same signer, which accepts only a certificate for this identity. Without it, the
   * identity is compared with the claims of the token by the rules of the public instances; a
   * private authority may have other rules.
   *
   * @param identity the subject alternative name of the certificate, compared exactly
   */
  public SigstoreSigner withCertificateIdentity(String identity) {
    return new SigstoreSigner(config, tokens, rekorVersion, Optional.of(identity), client);
  }

  SigstoreSigner withClient(ServiceClient other) {
    return new SigstoreSigner(config, tokens, rekorVersion, certificateIdentity, other);
  }

  @Override
  public List<SignedPayload> sign(List<Payload> payloads) throws IOException, SigningException {
    Services services = services();
    if (payloads.isEmpty()) {
      return List.of(); // no sign-in without payloads
    }
    JsonWebToken token = tokens.token().content();
    token.requireUnexpired(Instant.now());
    KeyPair keys = newKeys();
    SigningCertificate certificate =
        new Fulcio(client, services.certificateAuthority().uri()).certify(token, keys);
    token.identity().require(certificate, certificateIdentity);
    SigstoreVerifier verifier =
        SigstoreVerifier.using(
            config.trustedRoot(),
            IdentityPolicy.exactly(certificate.identity(), certificate.issuer()));
    requireTrusted(verifier, certificate);

    List<Bundle> unpublished = new ArrayList<>(payloads.size());
    for (Payload payload : payloads) {
      Bundle bundle =
          Bundle.of(
              new X509Certificate(certificate.encoded()),
              new Envelope(payload, signature(keys, payload)));
      for (Endpoint authority : services.timestampAuthorities()) {
        bundle =
            bundle.withTimestamp(
                timestampAuthority(authority).timestamp(bundle.envelope().signature()));
      }
      requireReadyForLog(verifier, bundle);
      unpublished.add(bundle);
    }
    // A log entry is public and permanent, so the log is called last, when nothing else can fail.
    List<SignedPayload> signed = new ArrayList<>(payloads.size());
    for (Bundle bundle : unpublished) {
      Bundle logged = publish(bundle, certificate, services.transparencyLogs());
      VerifiedSignature verified = requireValid(verifier, logged);
      signed.add(new SignedPayload(logged, verified.signer(), verified.times(), List.of()));
    }
    return signed;
  }

  private Bundle publish(Bundle bundle, SigningCertificate certificate, List<Endpoint> logs)
      throws IOException, SigningException {
    List<TransparencyLogEntry> entries = new ArrayList<>(logs.size());
    for (Endpoint log : logs) {
      LogEntry entry = new Rekor(client, log).add(bundle.envelope(), certificate);
      entries.add(new TransparencyLogEntry(entry.toJson()));
    }
    return new Bundle(
        Bundle.MEDIA_TYPE,
        bundle.verificationMaterial(),
        entries,
        bundle.rfc3161Timestamps(),
        bundle.envelope());
  }

  /**
   * Refuses a configuration without a required service, before a user signs in.
   *
   * @throws IOException if a service is missing
   */
  @Override
  public void requireReady() throws IOException {
    services();
  }

  /** The services used for one signature. */
  private record Services(
      Endpoint certificateAuthority,
      List<Endpoint> timestampAuthorities,
      List<Endpoint> transparencyLogs) {}

  private Services services() throws IOException {
    Endpoint authority = config.signingConfig().certificateAuthority();
    List<Endpoint> logs = config.signingConfig().transparencyLogs(rekorVersion);
    // Only version 1 of the log provides a time.
    boolean needsTimestamps = logs.stream().anyMatch(log -> log.version() != 1);
    return new Services(
        authority,
        needsTimestamps ? config.signingConfig().timestampAuthorities() : List.of(),
        logs);
  }

  private TimestampAuthority timestampAuthority(Endpoint endpoint) throws SigningException {
    try {
      return TimestampAuthority.at(endpoint.uri()).withTimeout(client.timeout());
    } catch (IllegalArgumentException e) {
      throw new SigningException(
          "the signing configuration names a time stamping authority that cannot be asked: "
              + e.getMessage(),
          e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(SCHEME.parameters());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes keys on P-256", e);
    }
  }

  private static Bytes signature(KeyPair keys, Payload payload) throws SigningException {
    try {
      return SCHEME.sign(keys.getPrivate(), payload.pae());
    } catch (GeneralSecurityException e) {
      throw new SigningException("the new key cannot sign: " + e.getMessage(), e);
    }
  }

  private static void requireTrusted(SigstoreVerifier verifier, SigningCertificate certificate)
      throws SigningException {
    try {
      verifier.requireTrusted(certificate, Instant.now());
    } catch (VerificationException e) {
      throw new SigningException(
          "the certificate authority (Fulcio) sent an untrusted certificate: "
              + e.getMessage()
              + "; do trusted root and signing configuration belong together, and are they up to"
              + " date?",
          e);
    }
  }

  private static void requireReadyForLog(SigstoreVerifier verifier, Bundle bundle)
      throws SigningException {
    if (bundle.toJson().length() + LOG_ENTRIES > Bundle.MAX_SIZE) {
      throw new SigningException(
          "the bundle would be larger than "
              + Bundle.MAX_SIZE
              + " bytes, which no verifier reads, so nothing was published; use larger shards, or"
              + " ignore files");
    }
    try {
      verifier.requireReadyForLog(bundle, Instant.now());
    } catch (VerificationException | MalformedBundleException e) {
      throw new SigningException(
          "the new signature does not stand up to verification, so it was not published: "
              + e.getMessage(),
          e);
    }
  }

  private static VerifiedSignature requireValid(SigstoreVerifier verifier, Bundle bundle)
      throws SigningException {
    try {
      return verifier.verifySignature(bundle);
    } catch (VerificationException | MalformedBundleException e) {
      throw new SigningException(
          "the new signature does not stand up to verification, so it is not handed out: "
              + e.getMessage(),
          e);
    }
  }
}

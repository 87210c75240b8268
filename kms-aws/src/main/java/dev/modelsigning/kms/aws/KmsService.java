package dev.modelsigning.kms.aws;

import dev.modelsigning.aws.internal.Credentials;
import dev.modelsigning.aws.internal.ServiceHttp;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.EcKeys;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SignResponse;

/** A key in AWS KMS: what the service says about it, and its signatures. */
final class KmsService implements AutoCloseable {

  /** The name of the service in messages. */
  static final String NAME = "AWS KMS";

  /** What a trial signs that only says whether it might; no statement has such bytes. */
  private static final Bytes TRIAL =
      Bytes.of("may this key sign?".getBytes(StandardCharsets.US_ASCII));

  private final KmsUri uri;
  private final KmsSettings settings;
  private final Credentials credentials;
  private final ServiceHttp http;
  private final KmsClient client;

  /**
   * A key as the service describes it.
   *
   * @param key the public key
   * @param scheme the scheme of its signatures
   * @param id its ARN, which stays when an alias is changed
   */
  record Known(VerifyingKey key, EcdsaScheme scheme, String id) {}

  private KmsService(
      KmsUri uri,
      KmsSettings settings,
      Credentials credentials,
      ServiceHttp http,
      KmsClient client) {
    this.uri = uri;
    this.settings = settings;
    this.credentials = credentials;
    this.http = http;
    this.client = client;
  }

  /** Returns the service, without asking it. */
  static KmsService of(KmsUri uri, KmsSettings settings, KeyContext context) {
    Credentials credentials = new Credentials(KmsSettings.context(context));
    ServiceHttp http = new ServiceHttp(NAME, settings.endpoint(), context.timeout());
    KmsClient client =
        KmsClient.builder()
            .region(settings.region())
            .endpointOverride(settings.endpoint())
            .credentialsProvider(credentials)
            .httpClient(http)
            .overrideConfiguration(configuration ->
                configuration
                    .apiCallTimeout(context.timeout())
                    .retryStrategy(AwsRetryStrategy.standardRetryStrategy()))
            .build();
    return new KmsService(uri, settings, credentials, http, client);
  }

  /** The address of the service. */
  URI endpoint() {
    return settings.endpoint();
  }

  /** The service in messages. */
  String shown() {
    return NAME + " at " + ServiceClient.show(settings.endpoint());
  }

  /** The key in messages. */
  @Override
  public String toString() {
    return "the key " + Printable.quote(uri.key()) + " of " + shown();
  }

  private <T> T ask(String right, Supplier<T> request) throws IOException, InvalidKeyException {
    try {
      credentials.find();
      return request.get();
    } catch (SdkException e) {
      throw new KmsFailure(this, uri.key(), settings.region().id(), right).of(e);
    }
  }

  /**
   * Reads the public key.
   *
   * @throws IOException if the service cannot be reached, or answers something else
   * @throws InvalidKeyException if there is no such key, it may not be read, or it is of another
   *     kind than those of OMS
   */
  Known publicKey() throws IOException, InvalidKeyException {
    GetPublicKeyResponse answer =
        ask("kms:GetPublicKey", () -> client.getPublicKey(request -> request.keyId(uri.key())));
    try {
      return known(answer);
    } catch (InvalidKeyException e) {
      throw new InvalidKeyException(shown() + " has another key: " + e.getMessage(), e);
    }
  }

  /** Removes secrets from what the service said, before anything of it is cut off. */
  String withoutSecrets(@Nullable String said) {
    return http.withoutSecrets(said);
  }

  private Known known(GetPublicKeyResponse answer) throws InvalidKeyException {
    String spec = withoutSecrets(answer.keySpecAsString());
    if (answer.keyUsage() != KeyUsageType.SIGN_VERIFY) {
      throw new InvalidKeyException(
          "expected one for SIGN_VERIFY, it is one for "
              + Printable.quote(withoutSecrets(answer.keyUsageAsString()))
              + " ("
              + Printable.brief(spec)
              + ")");
    }
    EcdsaScheme scheme = scheme(spec);
    if (!answer.signingAlgorithmsAsStrings().contains(algorithm(scheme))) {
      throw new InvalidKeyException(
          "expected one that signs with "
              + algorithm(scheme)
              + ", it signs with "
              + Printable.brief(
                  withoutSecrets(String.join(", ", answer.signingAlgorithmsAsStrings()))));
    }
    if (answer.publicKey() == null || answer.keyId() == null || answer.keyId().isEmpty()) {
      throw new InvalidKeyException("its public key or its ARN is missing");
    }
    VerifyingKey key = EcKeys.publicKey(Bytes.of(answer.publicKey().asByteArray()));
    if (key.scheme() != scheme) {
      throw new InvalidKeyException(
          "its kind is "
              + Printable.quote(spec)
              + ", and its public key is one for "
              + key.scheme().name());
    }
    return new Known(key, scheme, answer.keyId());
  }

  private static EcdsaScheme scheme(String spec) throws InvalidKeyException {
    for (EcdsaScheme scheme : EcdsaScheme.values()) {
      if (spec.equals("ECC_NIST_" + scheme.curve().replace("-", ""))) {
        return scheme;
      }
    }
    throw new InvalidKeyException(
        EcdsaScheme.unsupported("its kind is " + Printable.quote(spec))
            + "; a new one is made with --key-usage SIGN_VERIFY --key-spec ECC_NIST_P256");
  }

  private static String algorithm(EcdsaScheme scheme) {
    return "ECDSA_" + scheme.prehash().orElseThrow().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * Requires that the key is enabled and may be used to sign. A dry run signs nothing; a server
   * that knows no dry runs signs a text that is no statement.
   *
   * @throws IOException if the service cannot be reached, or answers something else
   * @throws InvalidKeyException if the key cannot sign, or may not
   */
  void requireMaySign(Known known) throws IOException, InvalidKeyException {
    requireEnabled(known);
    ask(
        "kms:Sign",
        () -> {
          try {
            return sign(known, known.scheme().digest(TRIAL), true).keyId();
          } catch (DryRunOperationException e) {
            return known.id(); // it would have been signed
          }
        });
  }

  private void requireEnabled(Known known) throws IOException, InvalidKeyException {
    KeyMetadata metadata =
        ask(
                "kms:DescribeKey",
                () -> {
                  try {
                    return client.describeKey(request -> request.keyId(known.id()));
                  } catch (KmsException e) {
                    if (KmsFailure.isDenied(e)) {
                      return DescribeKeyResponse.builder().build(); // the trial will tell
                    }
                    throw e;
                  }
                })
            .keyMetadata();
    if (metadata == null) {
      return;
    }
    if (metadata.keyState() == KeyState.PENDING_DELETION
        || metadata.keyState() == KeyState.PENDING_REPLICA_DELETION) {
      throw new InvalidKeyException(
          this
              + " is going to be deleted"
              + (metadata.deletionDate() == null ? "" : " at " + metadata.deletionDate())
              + "; cancel that (cancel-key-deletion), or use another key");
    }
    if (metadata.keyState() == KeyState.DISABLED || Boolean.FALSE.equals(metadata.enabled())) {
      throw new InvalidKeyException(
          this
              + " cannot be used: its state is "
              + Printable.quote(withoutSecrets(metadata.keyStateAsString()))
              + "; enable it, or use another key. What it signed is verified with its public key in a"
              + " file");
    }
  }

  private SignResponse sign(Known known, Bytes digest, boolean dryRun) {
    return client.sign(request -> {
      request
          .keyId(known.id())
          .messageType(MessageType.DIGEST)
          .message(SdkBytes.fromByteArray(digest.toArray()))
          .signingAlgorithm(algorithm(known.scheme()));
      if (dryRun) {
        request.dryRun(true);
      }
    });
  }

  /**
   * Signs a hash.
   *
   * @param digest the hash of the message by the scheme
   * @return the signature, which the caller must verify
   * @throws IOException if the service cannot be reached, or answers something else
   * @throws InvalidKeyException if it refuses
   */
  Bytes sign(Known known, Bytes digest) throws IOException, InvalidKeyException {
    SignResponse answer = ask("kms:Sign", () -> sign(known, digest, false));
    if (answer.signature() == null) {
      throw new InvalidKeyException(shown() + " did not sign: the answer has no signature");
    }
    return Bytes.of(answer.signature().asByteArray());
  }

  @Override
  public void close() {
    client.close();
    credentials.close();
  }
}

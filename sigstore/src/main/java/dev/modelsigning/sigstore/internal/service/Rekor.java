package dev.modelsigning.sigstore.internal.service;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.log.LogEntry;
import dev.modelsigning.sigstore.internal.log.LogEntry.InclusionProof;
import dev.modelsigning.sigstore.internal.log.LogEntry.Kind;
import dev.modelsigning.sigstore.internal.log.LogEntryBody;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A transparency log of Sigstore: records a signature and its certificate. Version 1 records the
 * hash of the payload and provides a time; version 2 records the hash of the signed bytes, and
 * provides no time.
 */
public final class Rekor {

  private static final String SERVICE = "the transparency log (Rekor)";
  private static final long MAX_TOKENS = 5_000;
  private static final int CONFLICT = 409;

  private final ServiceClient client;
  private final Endpoint log;

  /** Creates a client for the log at an address, with the API of its version. */
  public Rekor(ServiceClient client, Endpoint log) {
    this.client = client;
    this.log = log;
  }

  /** Records a signature; the returned entry is not verified yet. */
  public LogEntry add(Envelope envelope, SigningCertificate certificate)
      throws IOException, SigningException {
    Answer answer =
        log.version() == 1 ? postV1(envelope, certificate) : postV2(envelope, certificate);
    if (!answer.isSuccess()) {
      throw new SigningException(answer.refusal() + "; nothing was signed, try again later");
    }
    try {
      return log.version() == 1 ? readV1(answer.content()) : readV2(answer.content());
    } catch (MalformedJsonException | MalformedBundleException e) {
      throw new SigningException(
          answer.describe("sent something that is not a log entry: " + e.getMessage()),
          answer.cause(e));
    }
  }

  private Answer postV1(Envelope envelope, SigningCertificate certificate) throws IOException {
    byte[] dsse =
        JsonWriter.document(json ->
            json.string("payload", base64(envelope.payload().content()))
                .string("payloadType", envelope.payload().type())
                .array(
                    "signatures",
                    list -> list.object(one -> one.string("sig", base64(envelope.signature())))));
    byte[] request =
        JsonWriter.document(json ->
            json.string("apiVersion", Kind.DSSE_V1.version())
                .string("kind", Kind.DSSE_V1.name())
                .object(
                    "spec",
                    spec ->
                        spec.object(
                            "proposedContent",
                            content ->
                                content
                                    .string("envelope", new String(dsse, StandardCharsets.UTF_8))
                                    .array(
                                        "verifiers",
                                        list -> list.string(base64(certificate.pem()))))));
    URI entries = ServiceClient.below(log.uri(), "/api/v1/log/entries");
    Answer answer = post(entries, request);
    Optional<String> location = answer.header("Location");
    if (answer.status() != CONFLICT || location.isEmpty()) {
      return answer;
    }
    // A response was lost and the request was repeated: the entry already exists.
    String path = location.get().substring(location.get().lastIndexOf('/') + 1);
    return path.matches("[0-9a-f]{64,80}")
        ? client.send(Request.get(SERVICE, ServiceClient.below(entries, "/" + path)))
        : answer;
  }

  private Answer postV2(Envelope envelope, SigningCertificate certificate) throws IOException {
    byte[] request =
        JsonWriter.document(json ->
            json.object(
                "hashedRekordRequestV002",
                rekord ->
                    rekord
                        .string("digest", base64(Bytes.of(Sha256.of(envelope.payload().pae()))))
                        .object(
                            "signature",
                            signature ->
                                signature
                                    .string("content", base64(envelope.signature()))
                                    .object(
                                        "verifier",
                                        verifier -> writeVerifier(certificate, verifier)))));
    return post(ServiceClient.below(log.uri(), "/api/v2/log/entries"), request);
  }

  private static void writeVerifier(SigningCertificate certificate, JsonWriter json) {
    json.object("x509Certificate", raw -> raw.string("rawBytes", base64(certificate.encoded())))
        .string("keyDetails", LogEntryBody.keyDetails(certificate.scheme()));
  }

  private Answer post(URI uri, byte[] request) throws IOException {
    return client.send(
        Request.post(SERVICE, uri, request)
            .withHeader("Content-Type", "application/json")
            .withHeader("Accept", "application/json"));
  }

  private static LogEntry readV2(byte[] json)
      throws MalformedJsonException, MalformedBundleException {
    return LogEntry.parse(
        new TransparencyLogEntry(JsonReader.read(SERVICE, json, MAX_TOKENS, JsonReader::rawValue)));
  }

  /** Version 1 has its own response format: the entry under its name, hashes in hexadecimal. */
  private static LogEntry readV1(byte[] json) throws MalformedJsonException {
    JsonFields entry = JsonFields.read(SERVICE, json, MAX_TOKENS).only();
    JsonFields verification = entry.object("verification");
    JsonFields proof = verification.object("inclusionProof");
    List<Bytes> hashes = new ArrayList<>();
    for (String hash : proof.texts("hashes")) {
      hashes.add(proof.hex("hashes", hash));
    }
    return new LogEntry(
        entry.natural("logIndex"),
        entry.hex("logID"),
        Kind.DSSE_V1,
        entry.natural("integratedTime"),
        Optional.of(verification.base64("signedEntryTimestamp")),
        new InclusionProof(
            proof.natural("logIndex"),
            proof.natural("treeSize"),
            hashes,
            proof.hex("rootHash"),
            proof.text("checkpoint")),
        entry.base64("body"));
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}

package dev.modelsigning.internal.revocation;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.json.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * The online services that certificates name, for one verification: a limited number for each
 * certificate, over http and https only, with one time limit for all together and a limit on the
 * size of each response. No request is made twice.
 */
final class StatusServices {

  /** The time limit of a verification, for all certificates and services together. */
  static final Duration TOTAL = Duration.ofSeconds(30);

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** The largest number of addresses of each kind that are queried for a certificate. */
  private static final int MAX_ADDRESSES = 4;

  private static final int MAX_OCSP_RESPONSE = 256 * 1024;
  private static final int MAX_LIST = 16 * 1024 * 1024;
  private static final int MAX_LISTS = 32 * 1024 * 1024;

  /**
   * Up to this length of the URL, OCSP requests use GET, so that responses can be cached (RFC 6960
   * A.1).
   */
  private static final int MAX_GET = 255;

  private static final int DER_SEQUENCE = 0x30;

  private final ServiceClient client;
  private final Deadline deadline;
  private final Map<String, Reply> replies = new HashMap<>();
  private final Map<URI, RevocationList> lists = new HashMap<>();

  /** Parsing CRLs takes time too, so their total size is limited. */
  private int listBytesLeft = MAX_LISTS;

  /** The response of a service, or the reason why there is none. */
  @SuppressWarnings("ArrayRecordComponent") // short-lived, and never compared
  private record Reply(byte[] content, String problem) {}

  private StatusServices(Duration total, Duration each) {
    this.client = ServiceClient.with(each, PAUSE);
    this.deadline = Deadline.in(total);
  }

  /** Creates the services; the time limit starts now. */
  static StatusServices started() {
    return started(TOTAL, TIMEOUT);
  }

  /** Creates the services with other limits: for all together, and for each attempt. */
  static StatusServices started(Duration total, Duration each) {
    return new StatusServices(total, each);
  }

  /** The OCSP responders that a certificate names (RFC 5280 4.2.2.1). */
  static List<URI> responders(X509Certificate certificate, List<String> problems) {
    List<GeneralName> names = new ArrayList<>();
    try {
      byte[] extension = value(certificate, Extension.authorityInfoAccess.getId());
      if (extension.length > 0) {
        for (AccessDescription access :
            AuthorityInformationAccess.getInstance(extension).getAccessDescriptions()) {
          if (access.getAccessMethod().equals(AccessDescription.id_ad_ocsp)) {
            names.add(access.getAccessLocation());
          }
        }
      }
    } catch (RuntimeException e) {
      problems.add("its authority information access is damaged");
    }
    return addresses(names, "responder", problems);
  }

  /** The CRL distribution points that a certificate names (RFC 5280 4.2.1.13). */
  static List<URI> distributionPoints(X509Certificate certificate, List<String> problems) {
    List<GeneralName> names = new ArrayList<>();
    try {
      byte[] extension = value(certificate, Extension.cRLDistributionPoints.getId());
      if (extension.length > 0) {
        for (DistributionPoint point :
            CRLDistPoint.getInstance(extension).getDistributionPoints()) {
          DistributionPointName name = point.getDistributionPoint();
          if (name != null && name.getType() == DistributionPointName.FULL_NAME) {
            names.addAll(Arrays.asList(GeneralNames.getInstance(name.getName()).getNames()));
          }
        }
      }
    } catch (RuntimeException e) {
      problems.add("its distribution points are damaged");
    }
    return addresses(names, "distribution point", problems);
  }

  private static byte[] value(X509Certificate certificate, String extension) {
    byte[] value = certificate.getExtensionValue(extension);
    return value == null ? new byte[0] : ASN1OctetString.getInstance(value).getOctets();
  }

  private static List<URI> addresses(List<GeneralName> names, String kind, List<String> problems) {
    List<URI> addresses = new ArrayList<>();
    for (GeneralName name : names) {
      if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
        continue;
      }
      String text = name.getName().toString();
      if (!isWeb(text)) {
        problems.add(
            "its " + kind + " " + Printable.quote(text) + " is not asked, only http and https are");
      } else if (addresses.size() == MAX_ADDRESSES) {
        problems.add("it names more than " + MAX_ADDRESSES + " addresses of a " + kind);
        break;
      } else {
        addresses.add(URI.create(text));
      }
    }
    return addresses;
  }

  private static boolean isWeb(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return (scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The response of an OCSP responder about a certificate, in DER; not verified. */
  Optional<byte[]> ocspResponse(
      URI responder, X509Certificate certificate, X509Certificate issuer, List<String> problems)
      throws RevokedException {
    byte[] question;
    try {
      question =
          new OCSPReqBuilder()
              .addRequest(certificateId(issuer, certificate.getSerialNumber()))
              .build()
              .getEncoded();
    } catch (IOException | GeneralSecurityException | OCSPException | OperatorCreationException e) {
      throw new IllegalStateException("every Java platform can ask for a status", e);
    }
    String encoded = Base64.getEncoder().encodeToString(question);
    String address =
        ServiceClient.below(responder, "/" + URLEncoder.encode(encoded, StandardCharsets.UTF_8))
            .toString();
    boolean isShort = responder.getRawQuery() == null && address.length() <= MAX_GET;
    Request request =
        isShort
            ? Request.get("the OCSP responder", URI.create(address))
            : Request.post("the OCSP responder", responder, question)
                .withHeader("Content-Type", "application/ocsp-request");
    return reply(
        "ocsp " + responder + " " + encoded,
        request.withHeader("Accept", "application/ocsp-response").withMaxLength(MAX_OCSP_RESPONSE),
        problems);
  }

  /**
   * The OCSP identifier of a certificate; SHA-1 serves only for look-up, and every responder
   * supports it.
   */
  static CertificateID certificateId(X509Certificate issuer, BigInteger serial)
      throws GeneralSecurityException, OCSPException, OperatorCreationException {
    return new CertificateID(
        new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
        new JcaX509CertificateHolder(issuer),
        serial);
  }

  /** The CRL at an address; not verified. */
  Optional<RevocationList> list(URI address, List<String> problems) throws RevokedException {
    RevocationList known = lists.get(address);
    if (known != null) {
      return Optional.of(known);
    }
    Request request =
        Request.get("the distribution point", address)
            .withMaxLength(Math.min(MAX_LIST, listBytesLeft));
    Optional<byte[]> content = reply("list " + address, request, problems);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    listBytesLeft -= content.get().length;
    Optional<X509CRL> list = parse(content.get());
    if (list.isEmpty()) {
      Reply refused =
          new Reply(
              new byte[0],
              "the distribution point at "
                  + ServiceClient.show(address)
                  + " sent something that is not one list in DER");
      replies.put("list " + address, refused);
      problems.add(refused.problem);
      return Optional.empty();
    }
    lists.put(address, new RevocationList(list.get()));
    return Optional.of(lists.get(address));
  }

  private static Optional<X509CRL> parse(byte[] der) {
    try {
      if (der.length > 0 && der[0] == DER_SEQUENCE) {
        X509CRL list =
            (X509CRL)
                CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
        return Arrays.equals(list.getEncoded(), der) ? Optional.of(list) : Optional.empty();
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      // Malformed, which the caller reports.
      return Optional.empty();
    }
    return Optional.empty();
  }

  private Optional<byte[]> reply(String question, Request request, List<String> problems)
      throws RevokedException {
    Reply reply = replies.get(question);
    if (reply == null) {
      reply = ask(request);
      replies.put(question, reply);
    }
    if (!reply.problem.isEmpty()) {
      problems.add(reply.problem);
      return Optional.empty();
    }
    return Optional.of(reply.content);
  }

  private Reply ask(Request request) throws RevokedException {
    try {
      Answer answer = client.send(request.withDeadline(deadline).followingRedirects());
      return answer.isSuccess()
          ? new Reply(answer.content(), "")
          : new Reply(new byte[0], answer.refusal());
    } catch (InterruptedIOException e) {
      throw new RevokedException(
          "whether certificates were revoked cannot be found out: interrupted", true, e);
    } catch (IOException e) {
      return new Reply(new byte[0], String.valueOf(e.getMessage()));
    }
  }
}

package dev.modelsigning.sigstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;

/**
 * The bytes of a time stamp (RFC 3161 2.4.2, RFC 5652 5.1) that no signature covers, so that a
 * change of them can pass: the status of the response with its text, the version and the digest
 * algorithms of the signed data, the certificates that it carries, the version of the signer
 * information, and what it calls the signer's certificate, of which another spelling is the same
 * name (RFC 5280 7.1). Everything else is signed, or decides what is.
 */
final class UnsignedParts {

  private record Range(int from, int to) {}

  private final byte[] response;
  private final List<Range> ranges = new ArrayList<>();

  private UnsignedParts(byte[] response) {
    this.response = response;
  }

  /** The unsigned parts of a response in DER. */
  static UnsignedParts of(byte[] response) {
    UnsignedParts parts = new UnsignedParts(response);
    try {
      ASN1Sequence whole = ASN1Sequence.getInstance(response);
      parts.add(whole.getObjectAt(0), 0);
      ASN1Sequence token = ASN1Sequence.getInstance(whole.getObjectAt(1));
      ASN1Sequence signed =
          ASN1Sequence.getInstance(
              ASN1TaggedObject.getInstance(token.getObjectAt(1)).getExplicitBaseObject());
      int start = parts.find(signed, 0);
      parts.add(signed.getObjectAt(0), start);
      parts.add(signed.getObjectAt(1), start);
      for (ASN1Encodable element : signed) {
        if (element instanceof ASN1TaggedObject) {
          parts.add(element, start);
        }
      }
      ASN1Encodable signers = signed.getObjectAt(signed.size() - 1);
      // The version is the first element of the only signer information.
      ASN1Sequence information = ASN1Sequence.getInstance(first(signers));
      int place = parts.find(signers, start);
      parts.add(information.getObjectAt(0), place);
      parts.add(information.getObjectAt(1), place);
      return parts;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ASN1Encodable first(ASN1Encodable set) {
    return ASN1Set.getInstance(set).getObjectAt(0);
  }

  private void add(ASN1Encodable part, int from) throws IOException {
    int place = find(part, from);
    ranges.add(new Range(place, place + encoded(part).length));
  }

  private static byte[] encoded(ASN1Encodable part) throws IOException {
    return part.toASN1Primitive().getEncoded(ASN1Encoding.DER);
  }

  private int find(ASN1Encodable part, int from) throws IOException {
    byte[] sought = encoded(part);
    for (int i = from; i + sought.length <= response.length; i++) {
      if (Arrays.equals(sought, 0, sought.length, response, i, i + sought.length)) {
        return i;
      }
    }
    throw new IllegalStateException("the response is not in DER");
  }

  /** Whether no signature covers the byte at a place. */
  boolean contains(int place) {
    return ranges.stream().anyMatch(range -> range.from() <= place && place < range.to());
  }

  /** Whether a changed response is the same but for unsigned bytes. */
  boolean coverChangesTo(byte[] changed) {
    if (changed.length != response.length) {
      return false;
    }
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] != response[i] && !contains(i)) {
        return false;
      }
    }
    return true;
  }

  /** How many bytes no signature covers. */
  int length() {
    return ranges.stream().mapToInt(range -> range.to() - range.from()).sum();
  }
}

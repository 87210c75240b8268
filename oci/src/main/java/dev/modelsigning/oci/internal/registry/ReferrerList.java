package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.registry.Authorization.Access;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists what refers to a manifest: by the referrers API, page by page, and by the fallback tag,
 * which is read too where there is the API, as other clients may have written only that.
 */
final class ReferrerList {

  private static final int MAX_PAGES = 100;
  private static final int MAX_LINK = 8 * 1024;

  /** The answers of registries that do not know the API; some redirect to a page for people. */
  private static final Set<Integer> UNKNOWN = Set.of(400, 404, 405, 406, 501);

  /** RFC 8288; parameters that have commas or semicolons in them are not those of a registry. */
  private static final Pattern LINK = Pattern.compile("\\G[\\s,]*<([^>]*)>((?:\\s*;[^;,]*+)*+)");

  private static final Pattern NEXT =
      Pattern.compile("(?:^|;)\\s*rel\\s*=\\s*\"?next\"?\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);

  private final Exchange exchange;
  private final Manifests manifests;
  private final String repository;
  private final OciDigest subject;
  private final Map<OciDigest, Descriptor> found = new LinkedHashMap<>();
  private final List<String> notRead = new ArrayList<>();

  ReferrerList(Exchange exchange, Manifests manifests, String repository, OciDigest subject) {
    this.exchange = exchange;
    this.manifests = manifests;
    this.repository = repository;
    this.subject = subject;
  }

  /** The fallback tag of a subject (OCI distribution specification, "Referrers Tag Schema"). */
  static String tag(OciDigest subject) {
    return "sha256-" + subject.hex();
  }

  Referrers read() throws IOException {
    boolean api = readPages();
    boolean tag = readTag(api);
    return new Referrers(new ArrayList<>(found.values()), api, tag, notRead);
  }

  /**
   * Where the API says what there is, anybody who may push an image under the name of the tag must
   * not be able to hide that; without the API nobody knows what there was.
   */
  private boolean readTag(boolean api) throws IOException {
    Optional<ImageIndex> tagged;
    try {
      tagged = tagged();
    } catch (MalformedImageException e) {
      if (!api) {
        throw e;
      }
      notRead.add(e.getMessage() + "; what it may have listed was not looked at");
      return true;
    }
    if (tagged.isPresent()) {
      add(tagged.get(), "the tag " + tag(subject));
    }
    return tagged.isPresent();
  }

  /** Whether the registry has the API. */
  boolean hasApi() throws IOException {
    return isIndex(ask(start()));
  }

  /** The index of the fallback tag, if it is there. */
  Optional<ImageIndex> tagged() throws IOException {
    Optional<StoredManifest> stored = manifests.find(repository, tag(subject));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    if (!stored.get().isIndex()) {
      throw new MalformedImageException(
          exchange.service(repository, ":", tag(subject))
              + ": the tag for the referrers of "
              + subject
              + " must be that of an index, found "
              + stored.get().mediaType());
    }
    return Optional.of(ImageIndex.read(stored.get().bytes()));
  }

  private URI start() {
    return exchange.uri(repository, "referrers/" + subject);
  }

  private boolean readPages() throws IOException {
    Set<URI> asked = new HashSet<>();
    URI page = start();
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      if (!asked.add(page)) {
        throw failed("has pages of referrers that lead back to an earlier one");
      }
      Answer answer = ask(page);
      if (!isIndex(answer)) {
        if (pages == 0) {
          return false;
        }
        throw exchange.refusal(answer, repository, Access.PULL);
      }
      ImageIndex index = index(answer);
      List<Descriptor> listed = index.manifests();
      int before = found.size();
      add(index, "page " + (pages + 1) + " of the referrers");
      Optional<URI> next = next(answer);
      if (next.isEmpty()) {
        return true;
      }
      if (!listed.isEmpty() && found.size() == before) {
        throw failed("has pages of referrers that repeat what was there before");
      }
      page = next.get();
    }
    throw failed("has more than " + MAX_PAGES + " pages of referrers");
  }

  private Answer ask(URI page) throws IOException {
    return exchange.send(
        Request.get(exchange.service(repository, "@", subject), page)
            .withHeader("Accept", MediaTypes.INDEX)
            .withMaxLength(ImageManifest.MAX_LENGTH),
        repository,
        Access.PULL);
  }

  /** Whether an answer is a page of the API; otherwise the registry does not know it. */
  private boolean isIndex(Answer answer) throws IOException {
    if (UNKNOWN.contains(answer.status()) || answer.status() / 100 == 3) {
      return false;
    }
    if (answer.status() != 200) {
      throw exchange.refusal(answer, repository, Access.PULL);
    }
    String type = Exchange.mediaType(answer);
    if (!type.equals(MediaTypes.INDEX)) {
      throw new IOException(
          answer.describe(
              "answered with "
                  + (type.isEmpty() ? "no type" : Printable.quote(type))
                  + ", expected a list of referrers ("
                  + MediaTypes.INDEX
                  + "); is it the address of a registry?"));
    }
    return true;
  }

  private static ImageIndex index(Answer answer) throws IOException {
    try {
      return ImageIndex.read(answer.content());
    } catch (MalformedImageException e) {
      throw new MalformedImageException(answer.describe("sent a list: " + e.getMessage()), e);
    }
  }

  private void add(ImageIndex index, String list) throws IOException {
    for (String problem : index.unusable()) {
      notRead.add(
          exchange.service(repository, "@", subject)
              + ", "
              + list
              + ", "
              + problem
              + "; it was not looked at");
      requireFew();
    }
    for (Descriptor each : index.manifests()) {
      found.putIfAbsent(each.digest(), each);
      requireFew();
    }
  }

  private void requireFew() throws IOException {
    if (found.size() + notRead.size() > Referrers.MAX) {
      throw failed(
          "has more than "
              + Referrers.MAX
              + " referrers of it, which nobody needs; delete those that are not yours, or sign"
              + " a copy in another repository");
    }
  }

  private Optional<URI> next(Answer answer) throws IOException {
    for (String header : answer.headers("Link")) {
      if (header.length() > MAX_LINK) {
        throw failed("has a link to the next page that is too long");
      }
      Matcher link = LINK.matcher(header);
      while (link.find()) {
        if (NEXT.matcher(link.group(2)).find()) {
          return Optional.of(exchange.own(answer, link.group(1), "the next page"));
        }
      }
    }
    return Optional.empty();
  }

  private IOException failed(String problem) {
    return new IOException(exchange.service(repository, "@", subject) + " " + problem);
  }
}

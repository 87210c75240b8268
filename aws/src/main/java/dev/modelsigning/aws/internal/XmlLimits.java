package dev.modelsigning.aws.internal;

import dev.modelsigning.internal.http.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Limits on the XML that a service answers with, as the SDK has none: it reads into objects, and
 * calls itself for each level.
 */
final class XmlLimits {

  /** Answers of S3 have five levels. */
  private static final int MAX_DEPTH = 32;

  /** A list of a thousand objects has some 15,000. */
  private static final int MAX_ELEMENTS = 100_000;

  private XmlLimits() {}

  /**
   * Fails if the content of an answer is XML beyond the limits. What is no XML is left to the SDK,
   * which refuses it.
   */
  static void require(Answer answer) throws IOException {
    byte[] content = answer.content();
    if (content.length == 0 || content[0] == '{') {
      return; // nothing, or JSON
    }
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    int depth = 0;
    int elements = 0;
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(content));
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          depth++;
          elements++;
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          depth--;
        }
        if (depth > MAX_DEPTH || elements > MAX_ELEMENTS) {
          throw new IOException(
              answer.describe(
                  "answered with XML of more than "
                      + (depth > MAX_DEPTH ? MAX_DEPTH + " levels" : MAX_ELEMENTS + " elements")
                      + "; is the address that of the service?"));
        }
      }
    } catch (XMLStreamException e) {
      // It is not well-formed from here on; the SDK's parser gets no further, and says so.
      return;
    }
  }
}

// SPDX-License-Identifier: MIT
#pragma once

#include <QTextBrowser>

/// Code to read and to copy: as high as its text, broken anywhere rather than cut, and left alone while
/// somebody has a part of it selected.
class CodeBox : public QTextBrowser {
    Q_OBJECT
  public:
    enum class Frame { Boxed, Plain };

    explicit CodeBox(Frame frame, QWidget* parent = nullptr);

    void setCode(const QString& code);
    const QString& code() const { return m_code; }
    /// The line, from 0, at which something is happening; -1: none.
    void setCurrentLine(int line);
    int currentLine() const { return m_current; }
    /// At least so many lines high, so that what lies below does not move.
    void reserveLines(int lines);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    void render();
    void fitHeight();

    QString m_code;
    Frame m_frame;
    int m_lines = 1;
    int m_current = -1;
};

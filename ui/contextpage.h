// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class BlameBox;
class CodeBox;
class ExpressionBox;
class FactList;
class InspectorHeader;
class LookupBox;
class OwnEventsList;
class QLabel;

/// All that is known about one context.
class ContextPage : public QWidget {
    Q_OBJECT
  public:
    explicit ContextPage(SessionModel& session, QWidget* parent = nullptr);

    void display(const lab::context_info& context);
    void forget();
    /// Only what changes by itself as time goes on.
    void displayTime(const lab::context_info& context);

  private:
    void showEnd(const lab::context_info& context);
    void showRelations(const lab::context_info& context);

    SessionModel& m_session;
    lab::id_t m_context = 0;
    InspectorHeader* m_header = nullptr;
    ExpressionBox* m_expression = nullptr;
    FactList* m_facts = nullptr;
    BlameBox* m_blame = nullptr;
    CodeBox* m_printed = nullptr;
    LookupBox* m_lookup = nullptr;
    QLabel* m_children = nullptr;
    QLabel* m_workers = nullptr;
    OwnEventsList* m_events = nullptr;
};
